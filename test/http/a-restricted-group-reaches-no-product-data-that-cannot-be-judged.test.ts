import { expect, test } from 'vitest';
import { buildConnection } from './build-connection.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const all = ['*'];
const open = {
  categories: { view: all, edit: all, own: all },
  attributeGroups: { view: all, edit: all },
  locales: { view: all, edit: all },
};

test.each([
  ['everything', { catalog: open }, 200],
  [
    'everything, by what includes the rest',
    { catalog: { categories: { own: all }, attributeGroups: { edit: all }, locales: { edit: all } } },
    200,
  ],
  ['one category', { catalog: { ...open, categories: { own: ['tents'] } } }, 403],
  ['no edit of locales', { catalog: { ...open, locales: { view: all } } }, 403],
  ['no attribute groups', { catalog: { categories: open.categories, locales: open.locales } }, 403],
  ['nothing', {}, 403],
])('a group that sees %s', async (_name, group, status) => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  gateway.directory.groups.set('some', group);
  gateway.directory.roles.set('any', {
    permissions: ['pim_api_product_list', 'pim_api_category_list'],
    rules: [{ methods: ['GET'], paths: ['/export/**'] }],
  });
  gateway.add(buildConnection('shop', { roleRef: { name: 'any' }, groupRef: { name: 'some' } }));
  const ask = async (path: string): Promise<number> =>
    (await fetch(gateway.origin + path, { headers: { authorization: 'Bearer shop' } })).status;
  expect(await ask('/api/rest/v1/products/x/draft')).toBe(status);
  expect(await ask('/export/all')).toBe(status);
  expect(await ask('/api/rest/v1/categories')).toBe(200);
  const authz = await fetch(`${gateway.origin}/authz/api/rest/v1/products`, {
    headers: { authorization: 'Bearer shop' },
  });
  expect(authz.status).toBe(status);
});
