import { expect, test } from 'vitest';
import { sendJson } from './start-fake-cluster.ts';
import { reasonOf, startTestDashboard } from './start-test-dashboard.ts';

const hour = 3_600_000;

/** A token that says when it ends; nobody here looks at more. */
function buildJwt(end: number): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'RS256' })}.${encode({ sub: 'alice', exp: Math.floor(end / 1000) })}.c2lnbmF0dXJl`;
}

test('after eight hours at the latest', async () => {
  const { send, signIn, pass } = await startTestDashboard();
  const { cookie, session } = await signIn();
  expect(Date.parse(session.expires) - Date.now()).toBeGreaterThan(8 * hour - 60_000);
  expect(Date.parse(session.expires) - Date.now()).toBeLessThanOrEqual(8 * hour);
  pass(8 * hour - 60_000);
  expect((await send('/api/session', { headers: { cookie } })).json).toEqual(session);
  pass(61_000);
  expect((await send('/api/session', { headers: { cookie } })).json).toBeNull();
});

test('when the token says that it ends', async () => {
  const { send, signIn, pass, cluster } = await startTestDashboard();
  const token = buildJwt(Date.now() + hour);
  cluster.users.set(token, 'alice');
  const { cookie, session } = await signIn(token);
  expect(Date.parse(session.expires) - Date.now()).toBeLessThanOrEqual(hour);
  pass(hour + 1_000);
  expect((await send('/api/namespaces', { headers: { cookie } })).status).toBe(401);
});

test('a token that has ended signs nobody in, and the cluster is not asked', async () => {
  const { send, cluster } = await startTestDashboard();
  const token = buildJwt(Date.now() - 1_000);
  cluster.users.set(token, 'alice');
  const answer = await send('/api/session', { method: 'POST', body: { token } });
  expect([answer.status, reasonOf(answer), answer.headers['set-cookie']]).toEqual([401, 'WrongToken', undefined]);
  expect(cluster.requests).toEqual([]);
});

test.each([
  ['a token that the cluster does not know', 'somebodys-token'],
  ['nothing', ''],
  ['blanks', '   '],
  ['a line in between', 'alices\n-token'],
  ['another header', 'alices-token\r\nImpersonate-User: admin'],
  ['a number', 17],
  ['nothing at all', undefined],
])('%s signs nobody in', async (_, token) => {
  const { send, cluster } = await startTestDashboard();
  const answer = await send('/api/session', { method: 'POST', body: { token } });
  expect([answer.status, reasonOf(answer), answer.headers['set-cookie']]).toEqual([401, 'WrongToken', undefined]);
  expect(cluster.requests.filter(({ headers }) => headers['impersonate-user'] !== undefined)).toEqual([]);
});

test('blanks and the word Bearer around a token are the pasting, not the token', async () => {
  const { signIn } = await startTestDashboard();
  for (const pasted of ['  alices-token\n', 'Bearer alices-token', 'bearer  alices-token ']) {
    expect((await signIn(pasted)).session.user).toBe('alice');
  }
});

test('with the first no of the cluster, for every request that comes after', async () => {
  const { send, signIn, cluster } = await startTestDashboard();
  cluster.script = (_request, response) => {
    sendJson(response, 200, { items: [] });
    return true;
  };
  const [alice, bob] = [await signIn(), await signIn('bobs-token')];
  expect((await send('/api/namespaces', { headers: alice.headers })).status).toBe(200);
  cluster.users.delete('alices-token');
  const refused = await send('/api/namespaces', { headers: alice.headers });
  expect([refused.status, reasonOf(refused)]).toEqual([401, 'SignedOut']);
  const asked = cluster.requests.length;
  // The token is back, the session is not: it forgot the token.
  cluster.users.set('alices-token', 'alice');
  expect((await send('/api/namespaces', { headers: alice.headers })).status).toBe(401);
  expect(cluster.requests.length).toBe(asked);
  expect((await send('/api/namespaces', { headers: bob.headers })).status).toBe(200);
});

test('a cluster that gives no answer ends no session', async () => {
  const { send, signIn, cluster } = await startTestDashboard();
  cluster.script = (_request, response) => {
    response.destroy();
    return true;
  };
  const { headers, cookie } = await signIn();
  const answer = await send('/api/namespaces', { headers });
  expect([answer.status, reasonOf(answer)]).toEqual([502, 'Unavailable']);
  expect((await send('/api/session', { headers: { cookie } })).json).not.toBeNull();
});
