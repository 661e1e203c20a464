import { expect, test } from 'vitest';
import type { OneTimeCode } from '../../../src/api/dashboard-api.ts';
import { buildKubeconfigLogin } from '../../../src/dashboard/server/open-logins.ts';
import type { ClusterAccess } from '../../../src/kube/read-cluster-access.ts';
import { reasonOf, startTestDashboard, type TestAnswer, type TestDashboard } from './start-test-dashboard.ts';

const bearer = { authorization: 'Bearer alices-token' };

async function createCode({ send, port }: TestDashboard): Promise<string> {
  const headers = { ...bearer, 'sec-fetch-site': undefined, origin: `http://localhost:${port}` };
  const { status, json } = await send('/api/codes', { method: 'POST', headers });
  expect(status).toBe(201);
  return (json as OneTimeCode).code;
}

const signIn = ({ send }: TestDashboard, code: unknown): Promise<TestAnswer> =>
  send('/api/session', { method: 'POST', body: { code } });

test('as whoever the token belongs to that it was made with', async () => {
  const dashboard = await startTestDashboard();
  const code = await createCode(dashboard);
  expect(code).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await signIn(dashboard, code)).toMatchObject({ status: 200, json: { user: 'alice', mode: 'token' } });
});

test('and nobody a second time', async () => {
  const dashboard = await startTestDashboard();
  const code = await createCode(dashboard);
  const answers = await Promise.all([1, 2, 3].map(() => signIn(dashboard, code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  expect(answers.filter(({ status }) => status === 401).map(reasonOf)).toEqual(['WrongCode', 'WrongCode']);
});

test('and nobody after a minute', async () => {
  const dashboard = await startTestDashboard();
  const [early, late] = [await createCode(dashboard), await createCode(dashboard)];
  dashboard.pass(59_000);
  expect((await signIn(dashboard, early)).status).toBe(200);
  dashboard.pass(2_000);
  expect((await signIn(dashboard, late)).status).toBe(401);
});

test.each([
  ['', 401],
  ['AAAA', 401],
  [null, 401],
  [{}, 401],
] as const)('%o is no code', async (code, status) => {
  const dashboard = await startTestDashboard();
  await createCode(dashboard);
  expect((await signIn(dashboard, code)).status).toBe(status);
});

test('a code whose token was taken back in between signs nobody in', async () => {
  const dashboard = await startTestDashboard();
  const code = await createCode(dashboard);
  dashboard.cluster.users.delete('alices-token');
  const answer = await signIn(dashboard, code);
  expect([answer.status, reasonOf(answer), answer.headers['set-cookie']]).toEqual([401, 'WrongToken', undefined]);
});

test('it is made for a token that the cluster knows, and for no cookie', async () => {
  const { send, signIn: open } = await startTestDashboard();
  const { headers } = await open();
  expect((await send('/api/codes', { method: 'POST', headers })).status).toBe(401);
  const wrong = { authorization: 'Bearer somebodys-token' };
  expect((await send('/api/codes', { method: 'POST', headers: wrong })).status).toBe(401);
  const twice = { authorization: ['Bearer alices-token', 'Bearer bobs-token'] };
  expect((await send('/api/codes', { method: 'POST', headers: twice })).status).toBe(401);
  const elsewhere = { ...bearer, 'sec-fetch-site': 'cross-site' };
  expect((await send('/api/codes', { method: 'POST', headers: elsewhere })).status).toBe(403);
});

/** A kubeconfig with these headers; a client certificate has none. */
function buildAccess(server: string, headers: Readonly<Record<string, string>>): ClusterAccess {
  const readCredentials = async (): Promise<{ headers: typeof headers; tls: object }> => ({ headers, tls: {} });
  return { server, namespace: 'team', proxy: undefined, readCredentials, forgetCredentials() {} };
}

test('with a kubeconfig a code is the only way in, and everybody who has one is its user', async () => {
  const dashboard = await startTestDashboard({
    login: ({ url }) => buildKubeconfigLogin(buildAccess(url, { authorization: 'Bearer alices-token' })),
  });
  const { send } = dashboard;
  expect((await send('/api/session', { headers: bearer })).json).toBeNull();
  const pasted = await send('/api/session', { method: 'POST', body: { token: 'bobs-token' } });
  expect([pasted.status, reasonOf(pasted)]).toEqual([401, 'WrongToken']);
  expect((await send('/api/codes', { method: 'POST', headers: bearer })).status).toBe(404);
  const code = dashboard.createCode();
  const answer = await signIn(dashboard, code);
  expect(answer).toMatchObject({ status: 200, json: { user: 'alice', mode: 'kubeconfig', namespaces: ['team'] } });
  expect((await signIn(dashboard, code)).status).toBe(401);
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
  await send('/api/namespaces', { headers: { cookie, authorization: 'Bearer bobs-token' } });
  expect(dashboard.cluster.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer alices-token',
    'Bearer alices-token',
  ]);
});
