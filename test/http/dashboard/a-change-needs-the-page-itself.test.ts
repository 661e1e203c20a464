import { expect, test } from 'vitest';
import { sendJson } from './start-fake-cluster.ts';
import { reasonOf, startTestDashboard, type TestDashboard, type TestRequest } from './start-test-dashboard.ts';

const path = '/api/connections/team/erp';
const patch = { metadata: { annotations: { 'connect.pim.dev/rotate': '1' } } };

async function startWithWriter(hosts: readonly string[] = []): Promise<TestDashboard & { writes(): number }> {
  const dashboard = await startTestDashboard({ hosts });
  dashboard.cluster.script = (_request, response) => {
    sendJson(response, 200, { metadata: { name: 'erp' }, spec: {} });
    return true;
  };
  const writes = (): number => dashboard.cluster.requests.filter(({ method }) => method !== 'POST').length;
  return { ...dashboard, writes };
}

test('with the right origin, JSON and CSRF header it is made', async () => {
  const { send, signIn, writes } = await startWithWriter();
  const { headers } = await signIn();
  expect((await send(path, { method: 'PATCH', headers, body: patch })).status).toBe(200);
  expect(writes()).toBe(1);
});

test.each([
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['another host of the domain', { 'sec-fetch-site': 'same-site' }],
  ['the address bar', { 'sec-fetch-site': 'none' }],
  ['two answers to where from', { 'sec-fetch-site': ['same-origin', 'cross-site'] }],
  ['nobody knows where', { 'sec-fetch-site': undefined }],
  ['another origin', { 'sec-fetch-site': undefined, origin: 'http://evil.example' }],
  ['an origin without a name', { 'sec-fetch-site': undefined, origin: 'null' }],
  ['another site with our origin', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:PORT' }],
  ['no CSRF header', { 'x-csrf-token': undefined }],
  ['an empty CSRF header', { 'x-csrf-token': '' }],
  ['a wrong CSRF header', { 'x-csrf-token': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
])('from %s it is refused before anything is read', async (_, headers) => {
  const { send, signIn, writes, port } = await startWithWriter();
  const signedIn = await signIn();
  const sent = JSON.parse(JSON.stringify({ ...signedIn.headers, ...headers }).replace('PORT', String(port)));
  for (const name of Object.keys(headers)) if (!(name in sent)) sent[name] = undefined;
  for (const [method, where] of [
    ['PATCH', path],
    ['DELETE', path],
    ['POST', '/api/connections/team'],
    ['DELETE', '/api/session'],
  ] as const) {
    const answer = await send(where, { method, headers: sent, body: patch });
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'NotFromThePage']);
  }
  expect(writes()).toBe(0);
  expect((await send('/api/session', { headers: { cookie: signedIn.cookie } })).json).not.toBeNull();
});

test('the CSRF token of another session is none', async () => {
  const { send, signIn } = await startWithWriter();
  const [mine, other] = [await signIn(), await signIn('bobs-token')];
  const headers = { ...mine.headers, 'x-csrf-token': other.session.csrf };
  expect((await send(path, { method: 'PATCH', headers, body: patch })).status).toBe(403);
});

test('without Sec-Fetch-Site an equal Origin will do, over TLS unless it is this machine', async () => {
  const { send, signIn, port } = await startWithWriter(['connections.example.com']);
  const { session, headers } = await signIn();
  const id = headers.cookie?.split('=')[1];
  const status = async (more: Readonly<Record<string, string>>): Promise<number> => {
    const sent = { ...headers, 'sec-fetch-site': undefined, ...more, 'x-csrf-token': session.csrf };
    return (await send(path, { method: 'PATCH', headers: sent, body: patch })).status;
  };
  expect(await status({ origin: `http://localhost:${port}` })).toBe(200);
  expect(await status({ origin: `http://localhost:${port + 1}` })).toBe(403);
  expect(await status({ origin: `http://127.0.0.1:${port}` })).toBe(403);
  const remote = { host: 'connections.example.com', cookie: `__Host-connection-session=${id}` };
  expect(await status({ ...remote, origin: 'https://connections.example.com' })).toBe(200);
  expect(await status({ ...remote, origin: 'http://connections.example.com' })).toBe(403);
});

test.each<[string, TestRequest, number]>([
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' }, 415],
  ['text', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
  ['no type', { headers: { 'content-type': undefined } }, 415],
  ['two types', { headers: { 'content-type': ['application/json', 'text/plain'] } }, 415],
  ['no JSON', { body: '{"a":' }, 400],
  ['a list', { body: '[]' }, 400],
  ['nothing', { body: '' }, 400],
  ['too much', { body: { spec: { label: 'x'.repeat(600 * 1024) } } }, 413],
])('%s as a body is refused', async (_, request, status) => {
  const { send, signIn, writes } = await startWithWriter();
  const { headers } = await signIn();
  const sent = { method: 'PATCH', ...request, headers: { ...headers, ...request.headers } };
  expect((await send(path, sent)).status).toBe(status);
  expect(writes()).toBe(0);
});

test('signing in needs the page as well: nobody is signed in as somebody else by another site', async () => {
  const { send } = await startTestDashboard();
  const body = { token: 'alices-token' };
  const answer = await send('/api/session', { method: 'POST', body, headers: { 'sec-fetch-site': 'cross-site' } });
  expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  const form = { 'content-type': 'text/plain' };
  expect((await send('/api/session', { method: 'POST', body, headers: form })).status).toBe(415);
});

test('another site reads nothing either', async () => {
  const { send, signIn } = await startWithWriter();
  const { cookie } = await signIn();
  for (const site of ['cross-site', 'same-site']) {
    expect((await send(path, { headers: { cookie, 'sec-fetch-site': site } })).status).toBe(403);
  }
  expect((await send(path, { headers: { cookie, 'sec-fetch-site': undefined } })).status).toBe(200);
});
