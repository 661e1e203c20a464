import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../cluster/control-plane/eventually.ts';
import type { ConnectorValues } from '../unit/gateway/credentials/issue-connection.ts';
import { buildKeySecret, makeKeyData } from '../unit/gateway/keys/build-key-secret.ts';
import { buildCertificate } from './build-certificate.ts';
import { sendRaw } from './send-raw.ts';
import { echo, startUpstream } from './start-upstream.ts';
import { askTokens, logIn, SmallCluster, startWholeGateway, type WholeGateway } from './start-whole-gateway.ts';

const products = '/api/rest/v1/products';
const nobody = 'Parameter "client_id" is missing or does not match any client, or secret is invalid';
const noUser = 'No user found for the given username and password';
const invalid = 'The access token provided is invalid.';

async function start(config = '', cluster?: SmallCluster): Promise<{ gateway: WholeGateway; cluster: SmallCluster }> {
  const opened = cluster ?? (await SmallCluster.open());
  const { origin } = await startUpstream(echo);
  return { cluster: opened, gateway: await startWholeGateway({ cluster: opened, upstream: origin, config }) };
}

async function call(gateway: WholeGateway, token: string, path = products, init: RequestInit = {}) {
  const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
  const answer = await fetch(gateway.origin + path, { ...init, headers });
  const body = (await answer.json()) as { message?: string; headers?: Readonly<Record<string, string>> };
  return { status: answer.status, message: body.message, seen: body.headers ?? {}, headers: answer.headers };
}

async function tryLogin(gateway: WholeGateway, client: ConnectorValues, user = client, from = '') {
  const { username, password } = user;
  const fields = { grant_type: 'password', username, password };
  const answer = await askTokens(gateway, client, fields, from === '' ? {} : { 'x-forwarded-for': from });
  const { message = 'tokens' } = (await answer.json()) as { message?: string };
  return [answer.status, message];
}

test('nothing but upstream.url is needed', async () => {
  const { gateway, cluster } = await start();
  const { values } = await cluster.issue();
  const tokens = await logIn(gateway, values);
  expect(tokens.expires_in).toBe(3600);
  expect(await call(gateway, tokens.access_token)).toMatchObject({ status: 200, seen: { 'x-connection-code': 'erp' } });
  for (const path of ['healthz', 'readyz', 'metrics'])
    expect((await fetch(`${gateway.admin}/${path}`)).status).toBe(200);
});

test('tokens: how long they live', async () => {
  const { gateway, cluster } = await start('tokens: {access: 1s, refresh: 2s}');
  const { values } = await cluster.issue();
  const { access_token, refresh_token, expires_in } = await logIn(gateway, values);
  expect(expires_in).toBe(1);
  const expired = { status: 401, message: 'The access token provided has expired.' };
  await eventually(async () => expect(await call(gateway, access_token)).toMatchObject(expired), { within: 20_000 });
  const isDead = async (): Promise<void> => {
    // Introspection looks at it and does not use it up.
    const answer = await fetch(`${gateway.origin}/oauth/introspect`, {
      method: 'POST',
      body: new URLSearchParams({
        token: refresh_token,
        client_id: values.clientId,
        client_secret: values.clientSecret,
      }),
    });
    expect(await answer.json()).toEqual({ active: false });
  };
  await eventually(isDead, { within: 20_000 });
  const answer = await askTokens(gateway, values, { grant_type: 'refresh_token', refresh_token });
  expect([answer.status, await answer.json()]).toEqual([
    422,
    { code: 422, message: 'Refresh token is invalid or has expired' },
  ]);
});

test('name: a token of another gateway is 401, its refresh token 422', async () => {
  const { gateway, cluster } = await start('name: production');
  const staging = (await start('name: staging', cluster)).gateway;
  const { values } = await cluster.issue();
  const { access_token, refresh_token } = await logIn(staging, values);
  expect((await call(staging, access_token)).status).toBe(200);
  expect(await call(gateway, access_token)).toMatchObject({ status: 401, message: invalid });
  expect((await askTokens(gateway, values, { grant_type: 'refresh_token', refresh_token })).status).toBe(422);
});

test('connections: what is outside does not exist here, and what leaves is gone with the event', async () => {
  const { gateway, cluster } = await start('connections: {namespaces: [shop, web], selector: team=pim}');
  const labels = { team: 'pim' };
  const inside = await cluster.issue({ name: 'inside', namespace: 'web', labels });
  const elsewhere = await cluster.issue({ name: 'elsewhere', namespace: 'other', labels });
  const unlabelled = await cluster.issue({ name: 'unlabelled', namespace: 'shop' });
  expect(await tryLogin(gateway, elsewhere.values)).toEqual([422, nobody]);
  expect(await tryLogin(gateway, unlabelled.values)).toEqual([422, nobody]);
  expect(await tryLogin(gateway, inside.values, elsewhere.values)).toEqual([422, noUser]);
  const { access_token } = await logIn(gateway, inside.values);
  expect((await call(gateway, access_token)).status).toBe(200);
  const { connection } = inside;
  await cluster.memory.put({ ...connection, metadata: { ...connection.metadata, labels: {} } });
  expect(await call(gateway, access_token)).toMatchObject({ status: 401, message: invalid });
  expect(await tryLogin(gateway, inside.values)).toEqual([422, nobody]);
});

test.each([
  ['warn', 200, 200],
  ['namespace', 200, 422],
  ['enforce', 422, 422],
])('credentialPairing: %s', async (pairing, near, far) => {
  const { gateway, cluster } = await start(`credentialPairing: ${pairing}`);
  const [a, b, c] = [
    await cluster.issue({ name: 'aaa', namespace: 'shop' }),
    await cluster.issue({ name: 'bbb', namespace: 'shop' }),
    await cluster.issue({ name: 'ccc', namespace: 'web' }),
  ];
  const [nearby, faraway] = [await tryLogin(gateway, a.values, b.values), await tryLogin(gateway, a.values, c.values)];
  expect([nearby[0], faraway[0]]).toEqual([near, far]);
  for (const [status, message] of [nearby, faraway]) expect(message).toBe(status === 200 ? 'tokens' : noUser);
  if (near !== 200) return;
  const { access_token } = await logIn(gateway, a.values, b.values);
  expect((await call(gateway, access_token)).seen['x-connection-code']).toBe('bbb');
});

test('upstream: its own header from the environment, and headers that never get there', async () => {
  const cluster = await SmallCluster.open();
  const { values } = await cluster.issue();
  const gateway = await startWholeGateway({
    cluster,
    upstream: (await startUpstream(echo)).origin,
    upstreamFields: `auth: {type: header, name: X-Api-Key, value: \${KEY}}\n  dropHeaders: [X-AkeneoMockDB]`,
    environment: { KEY: 'of the gateway' },
  });
  const { access_token } = await logIn(gateway, values);
  const headers = { 'x-api-key': 'guess', 'x-akeneomockdb': 'a', x_akeneomockdb: 'b', 'x-other': 'c' };
  const { seen } = await call(gateway, access_token, products, { headers });
  expect(seen['x-api-key']).toBe('of the gateway');
  expect(Object.keys(seen).filter((name) => /mockdb|other/.test(name))).toEqual(['x-other']);
  expect(seen.authorization).toBeUndefined();
});

test.each([
  ['', '127.0.0.1', 'api.example:8080', 'http'],
  ['trustedProxies: [127.0.0.0/8]', '192.0.2.7', 'shop.example', 'https'],
  ['trustedProxies: [127.0.0.0/8, 192.0.2.0/24]', '203.0.113.9', 'shop.example', 'https'],
  ['publicUrl: https://api.example.com\ntrustedProxies: [127.0.0.1]', '192.0.2.7', 'api.example.com', 'https'],
])('who called, and where: %s', async (config, address, host, protocol) => {
  const { gateway, cluster } = await start(config);
  const { values } = await cluster.issue();
  const { access_token } = await logIn(gateway, values);
  const { statuses, text } = await sendRaw(
    gateway.port,
    `GET ${products} HTTP/1.1\r\nHost: api.example:8080\r\nAuthorization: Bearer ${access_token}\r\n` +
      'X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\nX-Forwarded-For: 192.0.2.7\r\n' +
      'X-Forwarded-Host: evil.example, shop.example\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n',
  );
  expect(statuses).toEqual([200]);
  expect(JSON.parse(/\{"method.*\}/s.exec(text)?.[0] ?? '').headers).toMatchObject({
    'x-forwarded-for': address,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol,
  });
});

test('limits: so many at once, for a Connection', async () => {
  const release = Promise.withResolvers<void>();
  const upstream = await startUpstream((request, response) => void release.promise.then(() => echo(request, response)));
  const cluster = await SmallCluster.open();
  const gateway = await startWholeGateway({ cluster, upstream: upstream.origin, config: 'limits: {concurrent: 1}' });
  const [one, two] = [await cluster.issue({ name: 'one' }), await cluster.issue({ name: 'two' })];
  const [first, second] = [await logIn(gateway, one.values), await logIn(gateway, two.values)];
  const slow = call(gateway, first.access_token);
  await eventually(() => expect(upstream.requests).toHaveLength(1), { within: 20_000 });
  const refused = await call(gateway, first.access_token);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  const other = call(gateway, second.access_token);
  await eventually(() => expect(upstream.requests).toHaveLength(2), { within: 20_000 });
  release.resolve();
  expect([(await slow).status, (await other).status]).toEqual([200, 200]);
});

test.each([
  ['auto', 200, 200, 200],
  ['original', 200, 403, 403],
  ['forwarded', 403, 200, 403],
  ['path', 403, 403, 200],
])('authz.from: %s', async (from, original, forwarded, path) => {
  const { gateway, cluster } = await start(`authz: {from: ${from}}`);
  const { values } = await cluster.issue();
  const { access_token } = await logIn(gateway, values);
  const ask = async (suffix: string, headers: Readonly<Record<string, string>>): Promise<number> => {
    const all = { authorization: `Bearer ${access_token}`, ...headers };
    return (await fetch(`${gateway.origin}/authz${suffix}`, { headers: all })).status;
  };
  expect([
    await ask('', { 'x-original-method': 'GET', 'x-original-uri': products }),
    await ask('', { 'x-forwarded-method': 'GET', 'x-forwarded-uri': products }),
    await ask(products, {}),
  ]).toEqual([original, forwarded, path]);
});

test.each([
  ['deny', 403],
  ['overallAccess', 200],
])('unconfirmedEndpoints: %s', async (setting, status) => {
  const { gateway, cluster } = await start(`unconfirmedEndpoints: ${setting}`);
  await cluster.putRole('writer', { overallAccess: true, permissions: ['pim_api_family_edit'] });
  const { values } = await cluster.issue({ spec: { roleRef: { name: 'writer' } } });
  const { access_token } = await logIn(gateway, values);
  const jobs = '/api/rest/v1/jobs/export/csv';
  expect((await call(gateway, access_token, '/api/rest/v1/families/a', { method: 'DELETE' })).status).toBe(status);
  expect((await call(gateway, access_token, jobs, { method: 'POST' })).status).toBe(status);
  expect((await call(gateway, access_token, '/api/rest/v1/families')).status).toBe(403);
});

test('keySecret: another one', async () => {
  const cluster = await SmallCluster.open();
  const { values } = await cluster.issue();
  const data = makeKeyData();
  const { gateway } = await start('keySecret: other/keys', cluster);
  expect((await fetch(`${gateway.admin}/readyz`)).status).toBe(503);
  expect((await tryLogin(gateway, values))[0]).toBe(503);
  const secret = buildKeySecret(data);
  await cluster.memory.put({ ...secret, metadata: { ...secret.metadata, namespace: 'other', name: 'keys' } });
  expect((await fetch(`${gateway.admin}/readyz`)).status).toBe(200);
  // Those keys say nothing about the values of this Connection.
  expect(await tryLogin(gateway, values)).toEqual([422, nobody]);
});

test('flows.store: a second gateway on the same file does not start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'one-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = `flows: {store: "sqlite:${join(folder, 'flows.db')}"}`;
  const { gateway, cluster } = await start(config);
  await expect(start(config, cluster)).rejects.toThrow(/another gateway/);
  const { values } = await cluster.issue();
  const { refresh_token } = await logIn(gateway, values);
  await gateway.close();
  const again = (await start(config, cluster)).gateway;
  const refresh = async (): Promise<number> =>
    (await askTokens(again, values, { grant_type: 'refresh_token', refresh_token })).status;
  expect([await refresh(), await refresh()]).toEqual([200, 422]);
});

test('tls: both protocols, and new files without a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const write = (certificate: ReturnType<typeof buildCertificate>): void => {
    writeFileSync(cert, certificate.cert);
    writeFileSync(key, certificate.key);
  };
  const [first, second] = [buildCertificate('first'), buildCertificate('second')];
  write(first);
  const { gateway } = await start(`tls: {cert: ${cert}, key: ${key}}`);
  const open = '/api/rest/v1/system-information';
  const overHttp1 = (ca: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const request = httpsRequest(gateway.origin + open, { ca, agent: false }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode));
      });
      request.once('error', reject).end();
    });
  const overHttp2 = (ca: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const session = connect(gateway.origin, { ca });
      session.once('error', reject);
      const stream = session.request({ ':path': open });
      stream.once('error', reject);
      stream.once('response', (headers) => {
        resolve(headers[':status']);
        session.close();
      });
      stream.resume().end();
    });
  expect([await overHttp1(first.cert), await overHttp2(first.cert)]).toEqual([200, 200]);
  write(second);
  const isNew = async (): Promise<void> => {
    expect([await overHttp1(second.cert), await overHttp2(second.cert)]).toEqual([200, 200]);
  };
  await eventually(isNew, { within: 20_000 });
  await expect(overHttp1(first.cert)).rejects.toThrow();
});
