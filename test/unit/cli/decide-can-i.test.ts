import { expect, test } from 'vitest';
import type { ConnectionGroup, ConnectionGroupSpec } from '../../../src/api/generated/connection-group.ts';
import type { ConnectionRole, ConnectionRoleSpec } from '../../../src/api/generated/connection-role.ts';
import { decideCanI } from '../../../src/cli/decide-can-i.ts';
import type { Named } from '../../../src/cli/read-objects.ts';
import { connectionOf } from '../insight/connection-of.ts';

const all = ['*'];
const open: ConnectionGroupSpec = {
  catalog: { categories: { own: all }, attributeGroups: { edit: all }, locales: { edit: all } },
};
const verifier = {
  version: '1-aaaaaa',
  key: 'k',
  alg: 'hmac-sha256',
  hash: 'h',
  issued: '2026-01-01T00:00:00Z',
} as const;
const credentials = { uid: 'u1', clientSecret: [verifier], password: [verifier] };

const named = <T>(spec: object): Named<T> => ({ name: 'erp', object: { metadata: { name: 'erp' }, spec } as T });

function ask(
  method: string,
  path: string,
  {
    role = {},
    group = open,
    spec = {},
    issued = true,
  }: {
    role?: ConnectionRoleSpec | string;
    group?: ConnectionGroupSpec;
    spec?: object;
    issued?: boolean;
  } = {},
) {
  const connection = connectionOf(spec, issued ? { credentials } : {});
  const asked: Named<ConnectionRole> = typeof role === 'string' ? { name: 'erp', missing: role } : named(role);
  return decideCanI({ connection, role: asked, group: named<ConnectionGroup>(group) }, method, path);
}

const rest = '/api/rest/v1';

test.each<[string, ReturnType<typeof ask>, string]>([
  [
    'a permission',
    ask('get', `${rest}/products`, { role: { permissions: ['pim_api_product_list'] } }),
    'pim_api_product_list (List products',
  ],
  [
    'a rule',
    ask('GET', '/orders/1', { role: { rules: [{ methods: ['GET'], paths: ['/orders/*'] }] } }),
    'an entry of its rules',
  ],
  ['overall access', ask('GET', `${rest}/media-files/a`), 'overall Web API access alone'],
  ['an open endpoint', ask('GET', rest, { issued: false }), 'Open to everybody'],
  ['an endpoint of the gateway', ask('POST', '/api/oauth/v1/token'), 'The gateway answers this itself'],
])('yes by %s', (_, answer, reason) => {
  expect(answer.allowed).toBe(true);
  expect(answer.reasons.join(' ')).toContain(reason);
});

test.each<[string, ReturnType<typeof ask>, number, string]>([
  [
    'no permission',
    ask('PATCH', `${rest}/products/a`),
    403,
    'would need pim_api_product_edit (Create and update products',
  ],
  [
    'a read-only role',
    ask('PATCH', `${rest}/products/a`, { role: { readOnly: true, permissions: ['pim_api_product_edit'] } }),
    403,
    'must not be read only',
  ],
  ['no rule', ask('GET', '/orders/1'), 403, 'No entry of rules'],
  [
    'no overall access',
    ask('GET', `${rest}/families`, { role: { overallAccess: false } }),
    403,
    'no overall Web API access',
  ],
  [
    'a missing role',
    ask('GET', `${rest}/families`, { role: 'There is no ConnectionRole erp.' }),
    403,
    'There is no ConnectionRole erp.',
  ],
  [
    'another namespace',
    ask('GET', `${rest}/families`, { role: { namespaces: ['a'] } }),
    403,
    'is not open to namespace connectors',
  ],
  [
    'a group of another namespace',
    ask('GET', `${rest}/measure-families`, { group: { ...open, namespaces: [] } }),
    403,
    'ConnectionGroup erp is not open',
  ],
  ['a suspension', ask('GET', `${rest}/measure-families`, { spec: { suspend: true } }), 401, 'is suspended'],
  ['no credentials', ask('GET', `${rest}/measure-families`, { issued: false }), 401, 'no credentials yet'],
  ['a path that has two readings', ask('GET', `${rest}/../x`), 400, 'segment'],
  ['a method that there is not', ask('BREW', '/coffee'), 405, 'Method Not Allowed'],
  ['a restricted group', ask('GET', `${rest}/media-files`, { group: {} }), 403, 'cannot be judged'],
])('no by %s', (_, answer, status, reason) => {
  expect(answer).toMatchObject({ allowed: false, status });
  expect(answer.reasons.join(' ')).toContain(reason);
});

test('a restricted group is a yes with a limit', () => {
  const role = { permissions: ['pim_api_product_list'] };
  const group = { catalog: { categories: { view: ['a'] } } };
  expect(ask('GET', `${rest}/products`, { role, group })).toMatchObject({
    allowed: true,
    reasons: [expect.any(String), expect.stringContaining('only its part of the catalog')],
  });
  expect(ask('GET', `${rest}/products`, { role, group: {} }).reasons[1]).toContain('grants nothing');
});
