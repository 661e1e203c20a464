import { expect, test } from 'vitest';
import { decideAccess } from '../../../src/access/decide-access.ts';
import { methods } from '../../../src/access/read-method.ts';
import { akeneoEndpoints } from '../../../src/api/akeneo-endpoints.ts';
import { defaultRoleSpec } from '../../../src/api/default-objects.ts';
import { callOf, statusOf } from './call-of.ts';

const fill = (path: string): string => path.replaceAll(/\{\w+\}/g, 'x1');
const proxied = akeneoEndpoints.filter(({ path }) => path.startsWith('/api/rest/'));
const isSearch = (path: string): boolean => path.endsWith('/search');

test.each(proxied.map(({ method, path }) => [method, path] as const))(
  '%s %s passes for the role user only if it reads',
  (method, path) => {
    expect(statusOf(defaultRoleSpec, method, fill(path))).toBe(method === 'GET' || isSearch(path) ? 0 : 403);
  },
);

test('the token endpoint is not proxied for it', () => {
  expect(statusOf(defaultRoleSpec, 'POST', '/api/oauth/v1/token')).toBe(403);
});

test('no method but GET, HEAD and a search passes on any path of the table, whatever unconfirmedEndpoints says', () => {
  for (const { path } of akeneoEndpoints) {
    for (const method of methods.filter((name) => name !== 'GET' && name !== 'HEAD')) {
      const { refusal } = decideAccess(defaultRoleSpec, callOf(method, fill(path)), 'overallAccess');
      if (method === 'POST' && isSearch(path)) expect(refusal).toBeUndefined();
      else expect(refusal?.status).toBe(method === 'OPTIONS' && !path.includes('/oauth/') ? 405 : 403);
    }
  }
});
