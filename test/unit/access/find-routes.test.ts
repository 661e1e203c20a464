import { describe, expect, test } from 'vitest';
import { buildRouteTable } from '../../../src/access/build-route-table.ts';
import { findRoutes } from '../../../src/access/find-routes.ts';
import { akeneoEndpoints } from '../../../src/api/akeneo-endpoints.ts';
import { permissions } from '../../../src/api/permissions.ts';
import { requestOf } from '../gateway/request/request-of.ts';
import { callOf } from './call-of.ts';

const rest = '/api/rest/v1';
const paths = (method: string, path: string): readonly string[] =>
  callOf(method, rest + path).routes.endpoints.map((endpoint) => endpoint.path.slice(rest.length));

describe('a request is found', () => {
  test.each<[string, string, string[]]>([
    ['GET', '/products', ['/products']],
    ['HEAD', '/products', ['/products']],
    ['GET', '/products/x', ['/products/{code}']],
    ['GET', '/products/a/b/c', ['/products/{code}']],
    ['GET', '/products/a%20b', ['/products/{code}']],
    ['GET', '/products/x/draft', ['/products/{code}/draft', '/products/{code}']],
    ['GET', '/products/a/b/draft', ['/products/{code}/draft', '/products/{code}']],
    ['GET', '/products/draft', ['/products/{code}']],
    ['POST', '/products/a/b/proposal', ['/products/{code}/proposal']],
    ['PATCH', '/products/a/draft', ['/products/{code}']],
    ['DELETE', '/product-models/a/b', ['/product-models/{code}']],
    ['GET', '/published-products/a/b', ['/published-products/{code}']],
    ['GET', '/media-files/7/5/8/e/758e_1.jpg', ['/media-files/{code}']],
    ['GET', '/media-files/7/5/8/e/758e_1.jpg/download', ['/media-files/{code}/download', '/media-files/{code}']],
    ['GET', '/category-media-files/a/b.jpg/download', ['/category-media-files/{file_path}/download']],
    ['GET', '/asset-media-files/a/b.jpg', ['/asset-media-files/{code}']],
    ['GET', '/reference-entities-media-files/a/b.jpg', ['/reference-entities-media-files/{code}']],
    ['POST', '/products-uuid/search', ['/products-uuid/search']],
    ['GET', '/products-uuid/x', ['/products-uuid/{uuid}']],
    ['GET', '/families/x/variants', ['/families/{family_code}/variants']],
    ['GET', '/families/variants', ['/families/{code}']],
    ['GET', '/attributes/x/options/y', ['/attributes/{attribute_code}/options/{code}']],
    ['GET', '/workflows/tasks', ['/workflows/tasks', '/workflows/{uuid}']],
    ['GET', '', ['']],
    ['GET', '/system-information', ['/system-information']],
  ])('%s %s as %j', (method, path, expected) => {
    expect(paths(method, path)).toEqual(expected);
  });

  test.each([
    ['GET', '/products/'],
    ['GET', '/products/x/'],
    ['GET', '/Products'],
    ['GET', '/products-uuid/a/b'],
    ['GET', '/families/a/b'],
    ['GET', '/families/a/variants/b/c'],
    ['GET', '/category-media-files/a.jpg'],
    ['GET', '/category-media-files/download'],
    ['PUT', '/products/x'],
    ['OPTIONS', '/products'],
    ['POST', '/products/x/draft'],
    ['GET', '/products-uuid/search/x'],
    ['DELETE', '/categories/x'],
    ['GET', '/unknown'],
    ['GET', '/'],
  ])('not for %s %s', (method, path) => {
    expect(paths(method, path)).toEqual([]);
  });

  test.each([
    ['/api/rest/v2/products'],
    ['/api/rest'],
    ['/rest/v1/products'],
    ['/'],
    ['/x/api/rest/v1/products'],
    ['/index.php/api/rest/v1/products'],
  ])('not for GET %s', (path) => {
    expect(callOf('GET', path).routes.endpoints).toEqual([]);
  });

  test('not where a code would be the name of a script that Symfony cuts the path at', () => {
    expect(paths('GET', '/media-files/index.php/api/rest/v1/products')).toEqual([]);
    expect(paths('GET', '/products/pim/public/index.php/api/rest/v1/families')).toEqual([]);
    expect(paths('GET', '/products/pim/INDEX.PHP')).toEqual([]);
    expect(paths('GET', '/products/%69ndex.php/x')).toEqual([]);
    expect(paths('GET', '/media-files/7/5/8/e/758e_index.php')).toEqual([]);
    expect(paths('GET', '/media-files/7/5/8/e/758e_php')).toHaveLength(1);
  });
});

test('placeholders stand for decoded codes, a code with slashes for one', () => {
  expect(callOf('GET', `${rest}/products/a/caf%C3%A9`).routes.parameters).toEqual(['a/café']);
  expect(callOf('GET', `${rest}/media-files/7/5/x.jpg/download`).routes.parameters).toEqual(['7/5/x.jpg']);
  expect(callOf('GET', `${rest}/attributes/color/options/red`).routes.parameters).toEqual(['color', 'red']);
});

describe('a restricted connection', () => {
  test.each<[string, string, string | undefined]>([
    ['GET', '/products', 'judged'],
    ['GET', '/products-uuid/x', 'judged'],
    ['POST', '/products-uuid/search', 'judged'],
    ['PATCH', '/product-models/a/b', 'judged'],
    ['GET', '/published-products', 'judged'],
    ['GET', '/media-files/a/b.jpg', 'judged'],
    ['GET', '/media-files/a/b.jpg/download', 'judged'],
    ['POST', '/media-files', 'judged'],
    ['GET', '/media-files', 'refused'],
    ['GET', '/products/x/draft', 'refused'],
    ['POST', '/products/x/proposal', 'refused'],
    ['GET', '/catalogs/x/product-uuids', 'refused'],
    ['GET', '/workflows/tasks', 'refused'],
    ['POST', '/jobs/export/x', 'refused'],
    ['GET', '/categories', undefined],
    ['GET', '/families/x/variants', undefined],
    ['GET', '/unknown', 'unknown'],
    ['PUT', '/products/x', 'unknown'],
  ])('finds %s %s %s', (method, path, expected) => {
    expect(callOf(method, rest + path).routes.productData).toBe(expected);
  });
});

test('of several endpoints that match, the strictest says what a restricted connection may expect', () => {
  const table = buildRouteTable([
    { method: 'GET', path: '/a/b/c/d/{code}/e', slashes: true, productData: 'judged' },
    { method: 'GET', path: '/a/b/c/d/{code}', slashes: true, productData: 'refused' },
  ]);
  const { target } = requestOf('GET', '/a/b/c/d/x/e');
  expect(findRoutes(table, 'GET', target)).toMatchObject({ parameters: ['x'], productData: 'refused' });
});

describe('the table of endpoints', () => {
  test('has every endpoint once', () => {
    const keys = akeneoEndpoints.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(keys).size).toBe(155);
    expect(keys).toHaveLength(155);
  });

  test('asks for the permissions that a role can name, and for no other', () => {
    const asked = akeneoEndpoints.flatMap(({ permission }) => permission ?? []);
    expect([...new Set(asked)].sort()).toEqual([...permissions]);
  });

  test('has each endpoint found by its own path', () => {
    for (const { method, path } of akeneoEndpoints) {
      const { routes } = callOf(method, path.replaceAll(/\{\w+\}/g, 'x1'));
      expect(routes.endpoints[0]).toMatchObject({ method, path });
    }
  });

  test('lets no write pass by overall access alone', () => {
    const writes = akeneoEndpoints.filter(({ method, open }) => method !== 'GET' && open !== true);
    for (const { permission, needs } of writes) expect(permission ?? needs).toBeDefined();
  });

  test('has three endpoints that need no token', () => {
    expect(akeneoEndpoints.filter(({ open }) => open).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET ${rest}`,
      'POST /api/oauth/v1/token',
      `GET ${rest}/system-information`,
    ]);
  });
});
