import { expect, test } from 'vitest';
import { reasonOf, startTestDashboard } from './start-test-dashboard.ts';

test.each([
  ['the name that is configured', 'connections.example.com'],
  ['in other letters', 'Connections.Example.COM'],
  ['with a port', 'connections.example.com:8443'],
  ['localhost', 'localhost'],
  ['localhost with the port of a port-forward', 'localhost:9999'],
  ['the address of this machine', '127.0.0.1:8081'],
  ['its IPv6 address', '[::1]:8081'],
])('%s is answered', async (_, host) => {
  const { send } = await startTestDashboard({ hosts: ['connections.example.com'] });
  expect((await send('/api/session', { headers: { host } })).status).toBe(200);
});

test.each([
  ['another name', 'evil.example'],
  ['a name that begins like ours', 'connections.example.com.evil.example'],
  ['a name that ends like ours', 'evil-connections.example.com'],
  ['localhost in front of another', 'localhost.evil.example'],
  ['an address in the network', '10.0.0.7:8081'],
  ['another address of this machine', '127.0.0.2:8081'],
  ['a user in front', 'evil@connections.example.com'],
  ['a dot at the end', 'connections.example.com.'],
  ['a list', 'connections.example.com, evil.example'],
  ['two headers', ['connections.example.com', 'evil.example']],
  ['two equal headers', ['localhost', 'localhost']],
  ['an empty one', ''],
  ['none', undefined],
])('%s is 421, whatever is asked for', async (_, host) => {
  const { send, signIn } = await startTestDashboard({ hosts: ['connections.example.com'] });
  const { headers } = await signIn();
  const asked = [
    { path: '/', method: 'GET' },
    { path: '/api/session', method: 'GET' },
    { path: '/api/session', method: 'POST' },
    { path: '/api/connections/team/erp', method: 'DELETE' },
  ];
  for (const { path, method } of asked) {
    const answer = await send(path, { method, headers: { ...headers, host } });
    // Two hosts, or a host that is none, may be more than Node's parser takes.
    if (answer.status === 400) continue;
    expect([answer.status, reasonOf(answer)]).toEqual([421, 'WrongHost']);
  }
});

test('X-Forwarded-Host is not believed', async () => {
  const { send } = await startTestDashboard({ hosts: ['connections.example.com'] });
  const headers = { host: 'evil.example', 'x-forwarded-host': 'connections.example.com' };
  expect((await send('/api/session', { headers })).status).toBe(421);
});

test('health is told to a kubelet, which knows an address only', async () => {
  const { send } = await startTestDashboard();
  expect(await send('/healthz', { headers: { host: '10.0.0.7:8081' } })).toMatchObject({ status: 200, text: 'ok\n' });
});
