import { join } from 'node:path';
import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { useOperator } from './connections/use-operator.ts';
import { loadNodeAkeneoApi, loadSimpleOauth2 } from './gateway/foreign-clients.ts';
import type { Texts } from './gateway/gateway-client.ts';
import { installPythonPackage, runPython } from './gateway/install-python-package.ts';
import { type RunningGateway, startGateway } from './gateway/start-gateway.ts';
import { createRole, fullRole } from './gateway/write-access.ts';

const scene = useOperator();
const products = '/api/rest/v1/products';
// What the PIM knows the gateway by; no client ever has it.
const own = { clientId: 'gateway', clientSecret: 'of-the-pim', username: 'gateway-user', password: 'of-the-pim-too' };

let api: SampleApi;
let gateway: RunningGateway;
let texts: Texts;
beforeAll(async () => {
  const role = await createRole(fullRole);
  await scene.desk.issue('shop', { roleRef: { name: role } });
  texts = await scene.desk.texts('shop-credentials');
});
beforeEach(async () => {
  api = await startSampleApi({ credentials: own });
  const upstream = { url: api.origin, auth: { type: 'akeneo', ...own } };
  gateway = await startGateway({
    namespaces: [scene.desk.namespace],
    upstream: api.origin,
    config: { upstream },
  });
  await gateway.ready();
  return async () => {
    await gateway.stop();
    await api.stop();
  };
});
afterAll(() => {
  const seen = [...scene.desk.seen, ...Object.values(own).slice(1)];
  expect(seen.filter((value) => gateway.lines.some((line) => line.includes(value)))).toEqual([]);
});

test('node-akeneo-api', async () => {
  const client = loadNodeAkeneoApi();
  client.setBaseUrl(gateway.origin);
  client.setClientId(texts['client-id']);
  client.setSecret(texts['client-secret']);
  client.setUsername(texts.username);
  client.setPassword(texts.password);
  // Three pages of ten: it follows the links.
  expect(await client.get(`${products}?limit=10`)).toHaveLength(30);
  expect(await client.patch(`${products}/new-1`, { identifier: 'new-1', family: 'equipment' })).toMatchObject({
    statusCode: 201,
  });
  const lines = [{ identifier: 'new-1', enabled: false }, { identifier: 'new-2' }];
  expect(await client.patchVndAkeneoCollection(products, lines)).toMatchObject({
    statusCode: 200,
    responses: [{ status_code: 204 }, { status_code: 201 }],
  });
  expect(api.data.products.get('new-1')).toMatchObject({ enabled: false });

  // It has no refresh but a new login; a wrong secret leaves it without a token.
  const wrong = loadNodeAkeneoApi();
  wrong.setBaseUrl(gateway.origin);
  wrong.setClientId(texts['client-id']);
  wrong.setSecret('garbage');
  wrong.setUsername(texts.username);
  wrong.setPassword(texts.password);
  expect(await wrong.patch(`${products}/new-3`, { identifier: 'new-3' })).toMatchObject({ statusCode: 401 });
  expect(api.data.products.has('new-3')).toBe(false);
});

test.each([
  ['form', 'header'],
  ['form', 'body'],
  ['json', 'header'],
  ['json', 'body'],
] as const)('simple-oauth2 with a %s body and its credentials in the %s', async (bodyFormat, authorizationMethod) => {
  const { ResourceOwnerPassword } = loadSimpleOauth2();
  const build = (secret: string | undefined) =>
    new ResourceOwnerPassword({
      client: { id: texts['client-id'], secret },
      auth: { tokenHost: gateway.origin, tokenPath: '/api/oauth/v1/token', revokePath: '/oauth/revoke' },
      options: { bodyFormat, authorizationMethod },
    });
  const { username, password } = texts;
  const first = await build(texts['client-secret']).getToken({ username, password });
  expect(first.expired()).toBe(false);
  expect(await list(first.token.access_token)).toBe(200);
  expect(await write(first.token.access_token)).toBe(201);

  const second = await first.refresh();
  expect(second.token.refresh_token).not.toBe(first.token.refresh_token);
  expect(await list(second.token.access_token)).toBe(200);
  await expect(first.refresh()).rejects.toMatchObject({ output: { statusCode: 422 } });
  await second.revoke('access_token');
  expect(await list(second.token.access_token)).toBe(401);

  await expect(build('garbage').getToken({ username, password })).rejects.toMatchObject({
    output: { statusCode: 422 },
  });
  const garbage = build(texts['client-secret']).getToken({ username, password: 'garbage' });
  await expect(garbage).rejects.toMatchObject({ output: { statusCode: 422 } });
});

test('@badgateway/oauth2-client finds the endpoints by itself and refreshes on 401', async () => {
  const { username = '', password = '' } = texts;
  const settings = { server: gateway.origin, clientId: texts['client-id'] ?? '' };
  const client = new OAuth2Client({ ...settings, clientSecret: texts['client-secret'] ?? '' });
  const seen: string[] = [];
  const fetcher = new OAuth2Fetch({
    client,
    scheduleRefresh: false,
    getNewToken: () => client.password({ username, password }),
    storeToken: ({ accessToken }) => void seen.push(accessToken),
  });
  expect((await fetcher.fetch(`${gateway.origin}${products}`)).status).toBe(200);
  const body = JSON.stringify({ identifier: 'new-1' });
  const headers = { 'content-type': 'application/json' };
  expect((await fetcher.fetch(`${gateway.origin}${products}`, { method: 'POST', headers, body })).status).toBe(201);
  expect(seen).toHaveLength(1);

  // Its token is refused: it refreshes and sends the call again.
  await client.revoke(await fetcher.getToken(), 'access_token');
  expect(await list(seen[0] ?? '')).toBe(401);
  expect((await fetcher.fetch(`${gateway.origin}${products}`)).status).toBe(200);
  expect(seen).toHaveLength(2);
  const { active } = await client.introspect(await fetcher.getToken());
  expect(active).toBe(true);

  const wrong = new OAuth2Client({ ...settings, clientSecret: 'garbage' });
  await expect(wrong.password({ username, password })).rejects.toMatchObject({ httpCode: 422 });
  await expect(client.refreshToken({ accessToken: '', refreshToken: 'garbage', expiresAt: 0 })).rejects.toMatchObject({
    httpCode: 422,
  });
});

test('pyakeneo', { timeout: 180_000 }, async ({ skip }) => {
  const installed = await installPythonPackage('pyakeneo==1.1.0');
  if (typeof installed === 'string') return skip(installed);
  const run = await runPython(installed.python, [join(import.meta.dirname, 'gateway', 'use-pyakeneo.py')], {
    GATEWAY: gateway.origin,
    CLIENT_ID: texts['client-id'],
    CLIENT_SECRET: texts['client-secret'],
    USERNAME_: texts.username,
    PASSWORD_: texts.password,
    NO_PROXY: '*',
  });
  expect(run.code, run.output).toBe(0);
  expect(JSON.parse(run.output.trim().split('\n').at(-1) ?? '')).toEqual({
    listed: 30,
    enabled: false,
    'after refresh': 6,
    refreshed: true,
    'garbage secret': 422,
    'garbage token': 401,
  });
});

async function list(token: string): Promise<number> {
  const answer = await fetch(`${gateway.origin}${products}`, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

async function write(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ identifier: 'new-1' });
  return (await fetch(`${gateway.origin}${products}`, { method: 'POST', headers, body })).status;
}
