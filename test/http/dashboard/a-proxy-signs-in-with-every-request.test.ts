import { expect, test } from 'vitest';
import type { Session } from '../../../src/api/dashboard-api.ts';
import { sendJson } from './start-fake-cluster.ts';
import { startTestDashboard, type TestAnswer, type TestDashboard } from './start-test-dashboard.ts';

const alice = { authorization: 'Bearer alices-token' };
const bob = { authorization: 'Bearer bobs-token' };
const cookieOf = ({ headers }: TestAnswer): string => String(headers['set-cookie'] ?? '').split(';')[0] ?? '';
const sessionOf = ({ json }: TestAnswer): Session => json as Session;

async function start(): Promise<TestDashboard> {
  const dashboard = await startTestDashboard();
  dashboard.cluster.script = (_request, response) => {
    sendJson(response, 200, { metadata: { name: 'erp' }, spec: {}, items: [] });
    return true;
  };
  return dashboard;
}

test('the first request opens a session, the others find it', async () => {
  const { send, cluster } = await start();
  const first = await send('/api/session', { headers: alice });
  expect(sessionOf(first)).toMatchObject({ user: 'alice', mode: 'proxy' });
  const cookie = cookieOf(first);
  const second = await send('/api/session', { headers: { ...alice, cookie } });
  expect([second.json, second.headers['set-cookie']]).toEqual([first.json, undefined]);
  expect(cluster.requests).toHaveLength(1);
});

test('many requests at once open one', async () => {
  const { send, cluster } = await start();
  const answers = await Promise.all(Array.from({ length: 8 }, () => send('/api/session', { headers: alice })));
  expect(new Set(answers.map(cookieOf)).size).toBe(1);
  expect(cluster.requests).toHaveLength(1);
});

test('past the proxy its cookie opens nothing', async () => {
  const { send } = await start();
  const cookie = cookieOf(await send('/api/session', { headers: alice }));
  expect((await send('/api/session', { headers: { cookie } })).json).toBeNull();
  expect((await send('/api/connections/team/erp', { headers: { cookie } })).status).toBe(401);
});

test('a change needs the CSRF header all the same', async () => {
  const { send } = await start();
  const opened = await send('/api/session', { headers: alice });
  const headers = { ...alice, cookie: cookieOf(opened) };
  const path = '/api/connections/team/erp';
  expect((await send(path, { method: 'DELETE', headers })).status).toBe(403);
  const right = { ...headers, 'x-csrf-token': sessionOf(opened).csrf };
  expect((await send(path, { method: 'DELETE', headers: right })).status).toBe(204);
});

test('a token that the proxy renewed goes on with the session', async () => {
  const { send, cluster } = await start();
  const opened = await send('/api/session', { headers: alice });
  cluster.users.set('alices-next-token', 'alice');
  cluster.users.delete('alices-token');
  const headers = {
    authorization: 'Bearer alices-next-token',
    cookie: cookieOf(opened),
    'x-csrf-token': sessionOf(opened).csrf,
  };
  expect((await send('/api/connections/team/erp', { method: 'DELETE', headers })).status).toBe(204);
  expect(cluster.requests.at(-1)?.headers.authorization).toBe('Bearer alices-next-token');
  const again = await send('/api/session', { headers });
  expect([sessionOf(again).csrf, again.headers['set-cookie']]).toEqual([sessionOf(opened).csrf, undefined]);
});

test('the token of somebody else opens another session, whatever the cookie says', async () => {
  const { send, cluster } = await start();
  const opened = await send('/api/session', { headers: alice });
  const mixed = { ...bob, cookie: cookieOf(opened), 'x-csrf-token': sessionOf(opened).csrf };
  expect((await send('/api/connections/team/erp', { method: 'DELETE', headers: mixed })).status).toBe(403);
  const next = await send('/api/session', { headers: mixed });
  expect(sessionOf(next)).toMatchObject({ user: 'bob', mode: 'proxy' });
  expect(sessionOf(next).csrf).not.toBe(sessionOf(opened).csrf);
  await send('/api/connections/team/erp', { headers: mixed });
  expect(cluster.requests.at(-1)?.headers.authorization).toBe('Bearer bobs-token');
});

test('it counts before a session that somebody opened by hand', async () => {
  const { send, signIn } = await start();
  const { cookie } = await signIn();
  expect(sessionOf(await send('/api/session', { headers: { ...bob, cookie } })).user).toBe('bob');
});

test.each<[string, string | readonly string[]]>([
  ['two of them', ['Bearer alices-token', 'Bearer bobs-token']],
  ['one beside another scheme', ['Bearer alices-token', 'Basic YTpi']],
  ['one in front of a comma', 'Bearer alices-token, Bearer bobs-token'],
  ['an empty one', 'Bearer '],
  ['one with a blank in it', 'Bearer alices token'],
])('%s is refused', async (_, authorization) => {
  const { send, cluster } = await start();
  expect((await send('/api/session', { headers: { authorization } })).status).toBe(400);
  expect(cluster.requests).toEqual([]);
});

test('another scheme is a login at the proxy, not here', async () => {
  const { send, cluster } = await start();
  expect((await send('/api/session', { headers: { authorization: 'Basic YTpi' } })).json).toBeNull();
  expect(cluster.requests).toEqual([]);
});
