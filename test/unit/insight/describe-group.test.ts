import { expect, test } from 'vitest';
import { describeGroup } from '../../../src/insight/describe-group.ts';

const all = ['*'];

test('an open group', () => {
  const catalog = { categories: { own: all }, attributeGroups: { edit: all }, locales: { edit: all } };
  expect(describeGroup({ catalog })).toEqual(['The whole catalog: sees, edits and owns everything.']);
});

test('a group without a catalog', () => {
  expect(describeGroup({ namespaces: ['a', 'b'] })).toEqual([
    'Nothing of the catalog: product lists are empty, each single product is not found.',
    'For Connections of the namespaces a and b only.',
  ]);
});

test('a restricted group spells out what its rights include', () => {
  const catalog = {
    categories: { view: ['master'], own: ['shoes'] },
    attributeGroups: { view: all, edit: ['marketing'] },
    locales: {},
  };
  expect(describeGroup({ catalog }).slice(1, 4)).toEqual([
    'Categories, each with its subtree: sees master and shoes; edits shoes; owns shoes.',
    'Attribute groups: sees all; edits marketing.',
    'Locales: sees none; edits none.',
  ]);
});
