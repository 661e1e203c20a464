import { expect, test } from 'vitest';
import { type AkeneoEndpoint, akeneoEndpoints } from '../../src/api/akeneo-endpoints.ts';
import { defaultRoleSpec } from '../../src/api/default-objects.ts';
import type { ConnectionRoleSpec } from '../../src/api/generated/connection-role.ts';
import { permissions } from '../../src/api/permissions.ts';
import { buildConnection } from './build-connection.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const isReading = ({ method, path }: AkeneoEndpoint): boolean => method === 'GET' || path.endsWith('/search');

/** The gateway answers it itself, and no other proxy may pass it on to the PIM's own. */
const tokenEndpoint = '/api/oauth/v1/token';

/** What became of one row: sent through the proxy, and asked about in each way of `/authz`. */
interface Outcome {
  readonly endpoint: AkeneoEndpoint;
  readonly row: string;
  readonly status: number;
  readonly reached: boolean;
  readonly authz: readonly number[];
}

/** Sends every row of the table as a connection with this role, with a code of two segments where codes hold slashes. */
async function sendEveryRow(role: ConnectionRoleSpec): Promise<readonly Outcome[]> {
  const upstream = await startUpstream(echo);
  const limits = 'limits: {concurrent: 0, perSecond: 0}';
  const gateway = await startTestGateway({ upstream: upstream.origin, config: limits });
  gateway.directory.roles.set('user', role);
  gateway.add(buildConnection('shop', { roleRef: { name: 'user' } }));
  const ask = async (method: string, path: string, headers: object = {}, body?: string | FormData): Promise<number> => {
    const answer = await fetch(`${gateway.origin}${path}`, {
      method,
      headers: { authorization: 'Bearer shop', ...headers },
      ...(body !== undefined && { body }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const outcomes: Outcome[] = [];
  for (const endpoint of akeneoEndpoints) {
    const { method, slashes, files } = endpoint;
    const path = endpoint.path.replaceAll(/\{\w+\}/g, slashes ? 'a/b' : 'a');
    const hasBody = method === 'POST' || method === 'PATCH';
    const isUpload = files === true && method === 'POST';
    const form = new FormData();
    form.append('file', new Blob(['x']), 'x.txt');
    const type = isUpload || !hasBody ? {} : { 'content-type': 'application/json' };
    const before = upstream.requests.length;
    const status = await ask(method, path, type, !hasBody ? undefined : isUpload ? form : '{}');
    const authz = [
      await ask('GET', '/authz', { 'x-original-method': method, 'x-original-uri': path }),
      await ask('GET', '/authz', { 'x-forwarded-method': method, 'x-forwarded-uri': path }),
      await ask(method, `/authz${path}`, type, !hasBody ? undefined : isUpload ? form : '{}'),
    ];
    const reached = upstream.requests.length > before;
    outcomes.push({ endpoint, row: `${method} ${endpoint.path}`, status, reached, authz });
  }
  return outcomes;
}

const rows = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.map(({ row, status, authz }) => `${row}: ${status}, /authz ${authz}`);

test('with role user and group all no write reaches the upstream, and every list does', {
  timeout: 60_000,
}, async () => {
  const outcomes = await sendEveryRow(defaultRoleSpec);
  expect(rows(outcomes.filter(({ endpoint, reached }) => reached && !isReading(endpoint)))).toEqual([]);
  const writes = outcomes.filter(({ endpoint }) => !isReading(endpoint) && endpoint.path !== tokenEndpoint);
  expect(rows(writes.filter(({ status }) => status !== 403))).toEqual([]);
  // Of what asks for a permission, the lists and nothing else.
  const lists = outcomes.filter(({ endpoint }) => isReading(endpoint) && endpoint.permission !== undefined);
  expect(rows(lists.filter(({ endpoint, reached }) => reached !== endpoint.permission?.endsWith('_list')))).toEqual([]);
  expect(lists.length).toBeGreaterThan(50);
});

test.each([
  ['user', defaultRoleSpec],
  ['with every permission', { overallAccess: true, permissions: [...permissions] }],
  ['with every permission, read-only', { overallAccess: true, readOnly: true, permissions: [...permissions] }],
  ['with none', { overallAccess: true, permissions: [] }],
  ['without access', { overallAccess: false, permissions: [...permissions] }],
] as const)('/authz and the proxied path agree on every row: role %s', { timeout: 60_000 }, async (_, role) => {
  const outcomes = await sendEveryRow({ ...role, permissions: [...(role.permissions ?? [])] });
  const differing = outcomes.filter(
    ({ endpoint, status, reached, authz }) =>
      (reached !== (status === 200) && endpoint.path !== tokenEndpoint) ||
      authz.some((answer) => answer !== (reached ? 200 : 403)),
  );
  expect(rows(differing)).toEqual([]);
});
