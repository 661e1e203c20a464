import { expect, test } from 'vitest';
import type { Session } from '../../../src/api/dashboard-api.ts';
import { reasonOf, startTestDashboard } from './start-test-dashboard.ts';

const signIn = { method: 'POST', body: { token: 'alices-token' } };

test('on localhost it names its port and needs no TLS', async () => {
  const { send, port } = await startTestDashboard();
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    const { status, headers } = await send('/api/session', { ...signIn, headers: { host } });
    expect(status).toBe(200);
    const wanted = new RegExp(`^connection-session-${port}=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$`);
    expect(headers['set-cookie']).toEqual([expect.stringMatching(wanted)]);
  }
});

test('under any other name it is bound to the host and to TLS', async () => {
  const { send } = await startTestDashboard({ hosts: ['connections.example.com'] });
  const { headers } = await send('/api/session', { ...signIn, headers: { host: 'connections.example.com' } });
  const wanted = /^__Host-connection-session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/;
  expect(headers['set-cookie']).toEqual([expect.stringMatching(wanted)]);
});

test('a page without TLS is told so instead of losing its session', async () => {
  const { send } = await startTestDashboard({ hosts: ['connections.example.com'] });
  const headers = { host: 'connections.example.com', origin: 'http://connections.example.com' };
  const answer = await send('/api/session', { ...signIn, headers });
  expect([answer.status, answer.headers['set-cookie']]).toEqual([400, undefined]);
  expect(answer.text).toContain('https');
});

test('it says who is signed in, and neither it nor any answer holds the token', async () => {
  const { send, signIn: open } = await startTestDashboard();
  expect(await send('/api/session')).toMatchObject({ status: 200, json: null });
  const { cookie, session } = await open();
  const answer = await send('/api/session', { headers: { cookie } });
  expect(answer.json).toEqual(session);
  expect(session).toMatchObject({ user: 'alice', groups: ['system:authenticated'], mode: 'token', namespaces: [] });
  expect(answer.text + cookie).not.toContain('alices-token');
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('signing out ends it', async () => {
  const { send, signIn: open, port } = await startTestDashboard();
  const { headers, cookie } = await open();
  const answer = await send('/api/session', { method: 'DELETE', headers });
  expect(answer.status).toBe(204);
  expect(answer.headers['set-cookie']).toEqual([
    `connection-session-${port}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`,
  ]);
  expect((await send('/api/session', { headers: { cookie } })).json).toBeNull();
  expect((await send('/api/namespaces', { headers: { cookie } })).status).toBe(401);
});

test.each([
  ['a cookie that nobody was given', 'connection-session-PORT=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ['no value', 'connection-session-PORT='],
  ['another name', 'session=x'],
])('%s signs nobody in', async (_, text) => {
  const { send, port } = await startTestDashboard();
  const answer = await send('/api/namespaces', { headers: { cookie: text.replace('PORT', String(port)) } });
  expect([answer.status, reasonOf(answer)]).toEqual([401, 'SignedOut']);
});

test('two cookies of the name, or one under the name of another port, sign nobody in', async () => {
  const { send, signIn: open, port } = await startTestDashboard();
  const { cookie } = await open();
  const other = cookie.replace(String(port), String(port + 1));
  for (const value of [`${cookie}; ${cookie}`, other, `__Host-${cookie}`]) {
    expect((await send('/api/session', { headers: { cookie: value } })).json).toBeNull();
  }
  expect((await send('/api/session', { headers: { cookie: `a=b; ${cookie};c=d` } })).json).not.toBeNull();
});

test('each session has a cookie and a CSRF token of its own', async () => {
  const { signIn: open } = await startTestDashboard();
  const sessions = [await open(), await open(), await open('bobs-token')];
  expect(new Set(sessions.map(({ cookie }) => cookie)).size).toBe(3);
  expect(new Set(sessions.map(({ session }) => (session as Session).csrf)).size).toBe(3);
});

test('of one user the twenty newest stay, whoever else is signed in', async () => {
  const { send, signIn: open } = await startTestDashboard();
  const bob = await open('bobs-token');
  const alices = [];
  for (let i = 0; i < 21; i++) alices.push(await open());
  const isOpen = async (cookie: string): Promise<boolean> =>
    (await send('/api/session', { headers: { cookie } })).json !== null;
  expect(await Promise.all(alices.map(({ cookie }) => isOpen(cookie)))).toEqual(alices.map((_, i) => i > 0));
  expect(await isOpen(bob.cookie)).toBe(true);
});
