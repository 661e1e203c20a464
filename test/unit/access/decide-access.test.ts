import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../src/access/decide-access.ts';
import type { ConnectionRoleSpec } from '../../../src/api/generated/connection-role.ts';
import { callOf, decide, statusOf } from './call-of.ts';

const rest = '/api/rest/v1';
const role = (...permissions: string[]): ConnectionRoleSpec => ({ permissions });
const ruled = (
  methods: NonNullable<ConnectionRoleSpec['rules']>[number]['methods'],
  ...paths: string[]
): ConnectionRoleSpec => ({ rules: [{ methods, paths }] });

describe('without overall access', () => {
  test.each<[string, ConnectionRoleSpec | undefined]>([
    [
      'in the role',
      { overallAccess: false, permissions: ['pim_api_product_list'], rules: [{ methods: ['GET'], paths: ['/**'] }] },
    ],
    ['because the role is gone', undefined],
  ])('%s every call is 403 with the words of the PIM', (_, spec) => {
    for (const path of [`${rest}/products`, `${rest}/media-files`, `${rest}/unknown`, '/orders']) {
      expect(decide(spec, 'GET', path).refusal).toMatchObject({
        status: 403,
        message: 'You are not allowed to access the web API.',
      });
    }
  });

  test.each([rest, `${rest}/system-information`])('%s is open all the same', (path) => {
    expect(decide(undefined, 'GET', path)).toEqual({ route: path, ground: 'open' });
    expect(statusOf(undefined, 'HEAD', path)).toBe(0);
    expect(statusOf(undefined, 'POST', path)).toBe(403);
  });
});

describe('a permission', () => {
  test('allows what it says', () => {
    expect(decide(role('pim_api_product_list'), 'GET', `${rest}/products`)).toEqual({
      route: `${rest}/products`,
      ground: 'pim_api_product_list',
    });
  });

  test.each<[string, string, string, string]>([
    ['pim_api_product_list', 'HEAD', '/products/a/b', ''],
    ['pim_api_product_list', 'POST', '/products-uuid/search', ''],
    ['pim_api_product_edit', 'PATCH', '/product-models/a', ''],
    ['pim_api_product_remove', 'DELETE', '/products/a', ''],
    ['pim_api_product_edit', 'POST', '/media-files', ''],
    ['pim_api_attribute_edit', 'PATCH', '/measurement-families', ''],
    ['pim_api_product_edit', 'GET', '/products', 'You are not allowed to list products.'],
    ['pim_api_product_list', 'PATCH', '/products/a', 'You are not allowed to create or update products.'],
    ['pim_api_product_edit', 'DELETE', '/products/a', 'You are not allowed to delete products.'],
    ['pim_api_product_list', 'POST', '/product-models', 'You are not allowed to create or update product models.'],
    ['', 'POST', '/products-uuid/search', 'You are not allowed to list products.'],
    ['', 'GET', '/categories', 'You are not allowed to list categories.'],
    ['', 'GET', '/categories/master', 'You are not allowed to list categories.'],
    ['', 'GET', '/families/a/variants', 'You are not allowed to list family variants.'],
    ['', 'GET', '/families', 'You are not allowed to list families.'],
    ['', 'PATCH', '/attributes/a/options', 'You are not allowed to create or update attribute options.'],
    ['', 'GET', '/attributes', 'You are not allowed to list attributes.'],
    ['', 'GET', '/attribute-groups', 'You are not allowed to list attribute groups.'],
    ['', 'GET', '/association-types', 'You are not allowed to list association types.'],
    ['', 'GET', '/channels', 'You are not allowed to list channels.'],
    ['', 'GET', '/locales', 'You are not allowed to list locales.'],
    ['', 'GET', '/currencies', 'You are not allowed to list currencies.'],
    ['', 'GET', '/asset-families', 'You are not allowed to list asset families.'],
    ['', 'DELETE', '/asset-families/a/assets/b', 'You are not allowed to delete assets.'],
    ['', 'GET', '/reference-entities', 'You are not allowed to list reference entities.'],
    ['', 'GET', '/reference-entities/a/records', 'You are not allowed to list reference entity records.'],
    ['', 'GET', '/reference-entities/a/attributes', 'You are not allowed to list reference entities.'],
    ['', 'GET', '/catalogs', 'You are not allowed to access app catalogs.'],
    ['', 'POST', '/media-files', 'You are not allowed to create or update media files.'],
    ['', 'POST', '/category-media-files', 'You are not allowed to create or update categories.'],
    [
      '',
      'POST',
      '/jobs/export/x',
      'You are not allowed to create or update jobs. The role needs a rule for POST /api/rest/v1/jobs/export/{code}.',
    ],
    [
      '',
      'DELETE',
      '/families/x',
      'You are not allowed to delete families. The role needs a rule for DELETE /api/rest/v1/families/{code}.',
    ],
    [
      '',
      'POST',
      '/ui-extensions',
      'You are not allowed to create or update UI extensions. The role needs a rule for POST /api/rest/v1/ui-extensions.',
    ],
  ])('%s: %s %s %s', (permission, method, path, message) => {
    const { refusal } = decide(role(permission), method, rest + path);
    if (message === '') expect(refusal).toBeUndefined();
    else expect(refusal).toMatchObject({ status: 403, message: `Access forbidden. ${message}` });
  });

  test('that the PIM does not know gives nothing', () => {
    expect(
      statusOf(role('rule', 'overall access', 'open', 'pim_api_overall_access'), 'POST', `${rest}/jobs/export/x`),
    ).toBe(403);
  });
});

describe('where the PIM asks for overall access alone', () => {
  test.each([
    '/media-files',
    '/media-files/a/b.jpg/download',
    '/measurement-families',
    '/workflows',
    '/published-products/x',
    '/assets/x',
  ])('GET %s passes', (path) => {
    expect(decide({}, 'GET', rest + path)).toMatchObject({ ground: 'overall access' });
    expect(statusOf({}, 'GET', rest + path)).toBe(0);
  });

  const writes: readonly (readonly [string, string])[] = [
    ['POST', '/media-files'],
    ['PATCH', '/measurement-families'],
    ['POST', '/jobs/import/x'],
    ['DELETE', '/families/x'],
    ['PATCH', '/workflows/tasks/x'],
  ];

  test.each(writes)('%s %s is 403, and passes with unconfirmedEndpoints: overallAccess', (method, path) => {
    expect(statusOf({}, method, rest + path)).toBe(403);
    expect(decideAccess({}, callOf(method, rest + path), 'overallAccess')).toEqual({
      route: callOf(method, rest + path).routes.endpoints[0]?.path,
      ground: 'overall access',
    });
  });

  test.each(writes)('%s %s is 403 for a role that is read-only, whatever unconfirmedEndpoints says', (method, path) => {
    expect(decideAccess({ readOnly: true }, callOf(method, rest + path), 'overallAccess').refusal).toMatchObject({
      status: 403,
    });
  });

  test('unconfirmedEndpoints opens nothing that has a permission, and nothing unknown', () => {
    expect(decideAccess({}, callOf('GET', `${rest}/products`), 'overallAccess').refusal).toMatchObject({ status: 403 });
    expect(decideAccess({}, callOf('GET', `${rest}/unknown`), 'overallAccess').refusal).toMatchObject({ status: 403 });
  });
});

describe('a rule', () => {
  test('allows a path that the PIM does not have', () => {
    expect(decide(ruled(['GET'], '/orders/*'), 'GET', '/orders/1')).toEqual({ route: '/orders/*', ground: 'rule' });
  });

  test('allows a route that asks for one, and keeps its name', () => {
    expect(decide(ruled(['POST'], `${rest}/jobs/export/*`), 'POST', `${rest}/jobs/export/x`)).toEqual({
      route: `${rest}/jobs/export/{code}`,
      ground: 'rule',
    });
  });

  test('allows a route in place of its permission', () => {
    expect(statusOf(ruled(['PATCH'], `${rest}/products/**`), 'PATCH', `${rest}/products/x`)).toBe(0);
    expect(statusOf(ruled(['PATCH'], `${rest}/products/**`), 'GET', `${rest}/products/x`)).toBe(403);
  });

  test('that does not exist is 403, and the path is not repeated', () => {
    expect(decide({}, 'GET', '/secret')).toEqual({
      refusal: expect.objectContaining({
        status: 403,
        message: 'Access forbidden. No rule of the role allows this call.',
      }),
      route: 'unmatched',
      ground: 'rule',
    });
  });

  test.each([
    '/authz',
    '/authz/x',
    '/oauth/revoke',
    '/oauth/',
    '/.well-known/jwks.json',
    '/api/oauth/v1/token',
    '//api/oauth/v1/token',
    '/api/oauth/v1/',
    '/%6fauth/token',
  ])('for everything does not proxy %s', (path) => {
    const everything = ruled(['GET', 'POST'], '/**');
    expect(statusOf(everything, 'GET', path)).toBe(403);
    expect(statusOf(everything, 'POST', path)).toBe(403);
  });

  test.each(['/oauth', '/authz2', '/oauth2/x', '/api/oauth/v2/token', '/well-known/x'])(
    'for everything proxies %s',
    (path) => {
      expect(statusOf(ruled(['GET'], '/**'), 'GET', path)).toBe(0);
    },
  );
});

describe('OPTIONS', () => {
  test('is 405 where no rule names it, with what is allowed', () => {
    const { refusal } = decide(ruled(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'], '/**'), 'OPTIONS', '/a');
    expect(refusal).toMatchObject({ status: 405, allow: 'GET, HEAD, POST, PUT, PATCH, DELETE' });
  });

  test('is 405 on a route that a permission allows', () => {
    expect(statusOf(role('pim_api_product_list'), 'OPTIONS', `${rest}/products`)).toBe(405);
  });

  test('passes where a rule names it', () => {
    expect(statusOf(ruled(['OPTIONS'], '/a'), 'OPTIONS', '/a')).toBe(0);
  });
});

describe('a role that is read-only', () => {
  const everything: ConnectionRoleSpec = {
    readOnly: true,
    permissions: ['pim_api_product_list', 'pim_api_product_edit', 'pim_api_product_remove'],
    rules: [{ methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], paths: ['/**'] }],
  };

  test.each([
    ['GET', '/a'],
    ['HEAD', '/a'],
    ['GET', `${rest}/products`],
    ['POST', `${rest}/products-uuid/search`],
  ])('may %s %s', (method, path) => {
    expect(statusOf(everything, method, path)).toBe(0);
  });

  test.each([
    ['POST', '/a'],
    ['PUT', '/a'],
    ['PATCH', '/a'],
    ['DELETE', '/a'],
    ['OPTIONS', '/a'],
    ['POST', `${rest}/products`],
    ['PATCH', `${rest}/products/x`],
    ['DELETE', `${rest}/products/x`],
    ['POST', '/a/search'],
    ['POST', `${rest}/products/search`],
    ['POST', `${rest}/products-uuid/search/`],
    ['PATCH', `${rest}/products-uuid/search`],
  ])('may not %s %s', (method, path) => {
    expect(statusOf(everything, method, path)).toBe(403);
  });
});

test('one role with thousands of rules is decided in microseconds', () => {
  const paths = Array.from({ length: 64 * 64 }, (_, at) => `/v${at % 7}/*/items/${at}/*/x`);
  const big: ConnectionRoleSpec = { rules: [{ methods: ['GET'], paths: [...paths, '/v1/*/items/*/*/y/**'] }] };
  const call = callOf('GET', '/v1/a/items/b/c/y/z');
  decideAccess(big, call, 'deny');
  const started = performance.now();
  for (let count = 0; count < 10_000; count++) decideAccess(big, call, 'deny');
  expect((performance.now() - started) / 10_000).toBeLessThan(0.05);
  expect(decideAccess(big, call, 'deny')).toMatchObject({ route: '/v1/*/items/*/*/y/**' });
});
