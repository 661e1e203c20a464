import { expect, test } from 'vitest';
import { permissions } from '../../../src/api/permissions.ts';
import { describePermission, describeRole } from '../../../src/insight/describe-role.ts';

test('without overall access nothing else is told but where it may be used', () => {
  expect(describeRole({ overallAccess: false, permissions: ['pim_api_product_list'], namespaces: ['a'] })).toEqual([
    'No overall Web API access: every call is refused.',
    'For Connections of the namespace a only.',
  ]);
});

test('permissions are grouped by what they allow, in the words of the PIM', () => {
  const role = {
    permissions: [
      'pim_api_product_remove',
      'pim_api_product_edit',
      'pim_api_family_variant_list',
      'pim_api_category_list',
    ],
  };
  expect(describeRole(role)).toEqual([
    'Overall Web API access: whatever asks for no permission of its own may be read.',
    'List categories and family variants.',
    'Create and update products (and product models).',
    'Delete products (and product models).',
  ]);
});

test('everything is told as everything, and by name', () => {
  const list = permissions.filter((name) => name.endsWith('_list'));
  const [, sentence] = describeRole({ permissions: list });
  expect(sentence).toMatch(/^List everything: app catalogs|^List everything: asset families, assets/);
  expect(sentence?.split(/, | and (?!product models)/)).toHaveLength(list.length);
});

test('a read-only role says that its writing has no effect', () => {
  const sentences = describeRole({ readOnly: true, permissions: ['pim_api_product_list', 'pim_api_product_edit'] });
  expect(sentences[1]).toMatch(/^Read only:/);
  expect(sentences.slice(2)).toEqual([
    'List products (and product models).',
    'Create and update products (and product models). Without effect: the role is read only.',
  ]);
});

test('rules, tokens of others and namespaces', () => {
  const role = {
    rules: [{ methods: ['GET' as const, 'POST' as const], paths: ['/orders/*', '/stock/**'] }],
    introspect: true,
    namespaces: [],
  };
  expect(describeRole(role).slice(1)).toEqual([
    'No permissions: products, categories and the like stay closed.',
    'Rule: GET and POST on /orders/* and /stock/**.',
    'Looks at and revokes the tokens of all connections, not only its own.',
    'For Connections of no namespace: nobody may use it.',
  ]);
});

test('every known permission has words', () => {
  for (const name of permissions)
    expect(describePermission(name)).toMatch(/^(?:List|Create and update|Delete) [a-z() ]+s\)?$/);
});
