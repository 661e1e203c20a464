import { describe, expect, test } from 'vitest';
import { readRights } from '../../../src/access/group-rights.ts';
import type { ConnectionGroupSpec } from '../../../src/api/generated/connection-group.ts';

const all = ['*'];
const open: ConnectionGroupSpec = {
  catalog: { categories: { own: all }, attributeGroups: { edit: all }, locales: { edit: all } },
};

describe('a group is', () => {
  test.each<[string, ConnectionGroupSpec | undefined, string]>([
    ['open with every right to everything', open, 'open'],
    [
      'open, the rights that others include spelled out',
      {
        catalog: {
          categories: { view: all, edit: all, own: all },
          attributeGroups: { view: all, edit: all },
          locales: { view: all, edit: all },
        },
      },
      'open',
    ],
    [
      'restricted when it sees all and edits nothing',
      { catalog: { categories: { view: all }, attributeGroups: { view: all }, locales: { view: all } } },
      'restricted',
    ],
    [
      'restricted when it edits all and owns nothing',
      { catalog: { ...open.catalog, categories: { edit: all } } },
      'restricted',
    ],
    [
      'restricted without locales',
      { catalog: { categories: { own: all }, attributeGroups: { edit: all } } },
      'restricted',
    ],
    ['restricted by one category', { catalog: { ...open.catalog, categories: { own: ['a'] } } }, 'restricted'],
    [
      'restricted where "*" does not stand alone',
      { catalog: { ...open.catalog, categories: { own: ['*', 'a'] } } },
      'restricted',
    ],
    ['restricted with an empty catalog', { catalog: {} }, 'restricted'],
    ['nothing without catalog', {}, 'nothing'],
    ['nothing when it is gone', undefined, 'nothing'],
  ])('%s', (_what, spec, kind) => {
    expect(readRights(spec).kind).toBe(kind);
  });
});

test('own includes edit includes view', () => {
  const read = readRights({ catalog: { categories: { view: ['v'], edit: ['e'], own: ['o'] } } });
  if (read.kind !== 'restricted') throw new Error(read.kind);
  const { view, edit, own } = read.rights.categories;
  expect([view, edit, own]).toEqual([new Set(['v', 'e', 'o']), new Set(['e', 'o']), new Set(['o'])]);
});

test('a group is read once', () => {
  expect(readRights(open)).toBe(readRights(open));
});
