import { expect, test } from 'vitest';
import { sendJson } from './start-fake-cluster.ts';
import { startTestDashboard } from './start-test-dashboard.ts';

/** What a browser, or a proxy that means well, could say of somebody. */
const claims = {
  'impersonate-user': 'system:admin',
  'impersonate-group': ['system:masters', 'admins'],
  'impersonate-uid': '1',
  'impersonate-extra-scopes': 'all',
  'x-forwarded-user': 'admin',
  'x-forwarded-preferred-username': 'admin',
  'x-forwarded-email': 'admin@example.com',
  'x-forwarded-groups': 'system:masters',
  'x-forwarded-access-token': 'admins-token',
  'x-remote-user': 'admin',
  'x-remote-group': 'system:masters',
  'x-remote-extra-scopes': 'all',
  'x-auth-request-user': 'admin',
  'x-original-uri': '/api/v1/secrets',
  'x-http-method-override': 'DELETE',
  forwarded: 'for=10.0.0.1',
  'x-custom': 'anything',
} as const;

test('a request to the cluster carries the token of the session, and no header of the browser', async () => {
  const { send, signIn, cluster } = await startTestDashboard();
  cluster.script = (_request, response) => {
    sendJson(response, 200, { metadata: { name: 'erp' }, spec: {}, items: [] });
    return true;
  };
  const { headers } = await signIn();
  const sent = { ...claims, ...headers };
  await send('/api/connections/team/erp', { headers: sent });
  await send('/api/connections/team/erp', { method: 'PATCH', headers: sent, body: { spec: { label: 'ERP' } } });
  await send('/api/connections/team', { method: 'POST', headers: sent, body: { metadata: { name: 'a' }, spec: {} } });
  await send('/api/connections/team/erp', { method: 'DELETE', headers: sent, body: { uid: '1' } });
  await send('/api/connections/team/erp/events', { headers: sent });
  await send('/api/namespaces', { headers: sent });
  const asked = cluster.requests.slice(1);
  expect(asked.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'POST', 'DELETE', 'GET', 'GET']);
  for (const request of asked) {
    expect(request.headers.authorization).toBe('Bearer alices-token');
    expect(request.headers['user-agent']).toBe('connection-dashboard');
    const ours = ['accept', 'authorization', 'connection', 'content-length', 'content-type', 'host', 'user-agent'];
    expect(Object.keys(request.headers).filter((name) => !ours.includes(name))).toEqual([]);
    expect(JSON.stringify(request)).not.toContain('admin');
  }
});

test('nobody is signed in by what a proxy says of them', async () => {
  const { send, cluster } = await startTestDashboard();
  expect((await send('/api/session', { headers: claims })).json).toBeNull();
  expect((await send('/api/namespaces', { headers: claims })).status).toBe(401);
  expect(cluster.requests).toEqual([]);
});

test('of a patch only metadata and spec go on, of a new Connection nothing else', async () => {
  const { send, signIn, cluster } = await startTestDashboard();
  cluster.script = (_request, response) => {
    sendJson(response, 200, { metadata: { name: 'erp' }, spec: {} });
    return true;
  };
  const { headers } = await signIn();
  const status = { status: { conditions: [] } };
  const patch = { method: 'PATCH', headers, body: { spec: {}, ...status } };
  expect((await send('/api/connections/team/erp', patch)).status).toBe(400);
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'erp', namespace: 'other' },
    spec: { label: 'ERP' },
    ...status,
  };
  expect((await send('/api/connections/team', { method: 'POST', headers, body: manifest })).status).toBe(201);
  expect(cluster.requests.at(-1)).toMatchObject({
    url: '/apis/connect.pim.dev/v1beta1/namespaces/team/connections?fieldManager=connection-dashboard',
    body: {
      apiVersion: 'connect.pim.dev/v1beta1',
      kind: 'Connection',
      metadata: { name: 'erp', namespace: 'team' },
      spec: { label: 'ERP' },
    },
  });
  expect(JSON.stringify(cluster.requests.at(-1)?.body)).not.toContain('status');
});

test('a dry run stores nothing, and nothing is stored by a misspelt one', async () => {
  const { send, signIn, cluster } = await startTestDashboard();
  cluster.script = (_request, response) => {
    sendJson(response, 201, { metadata: { name: 'erp' }, spec: {} });
    return true;
  };
  const { headers } = await signIn();
  const request = { method: 'POST', headers, body: { metadata: { name: 'erp' }, spec: {} } };
  expect((await send('/api/connections/team?dryRun=true', request)).status).toBe(201);
  expect(new URLSearchParams(cluster.requests.at(-1)?.url.split('?')[1]).get('dryRun')).toBe('All');
  for (const wrong of ['dryRun=All', 'dryRun=', 'dryRun=true&dryRun=false', 'dryRun=TRUE']) {
    expect((await send(`/api/connections/team?${wrong}`, request)).status).toBe(400);
  }
  expect(cluster.requests).toHaveLength(2);
});
