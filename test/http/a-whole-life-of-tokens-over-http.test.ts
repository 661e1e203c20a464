import { describe, expect, test } from 'vitest';
import { buildOwnEndpoints } from '../../src/gateway/build-own-endpoints.ts';
import type { ConnectorValues } from '../unit/gateway/credentials/issue-connection.ts';
import { basic, TokenDesk, type TokenPair } from '../unit/gateway/token/token-desk.ts';
import { sendRaw } from './send-raw.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';

const form = 'application/x-www-form-urlencoded';

interface Scene {
  readonly desk: TokenDesk;
  readonly gateway: TestGateway;
  readonly values: ConnectorValues;
}

async function open(config = ''): Promise<Scene> {
  const desk = await TokenDesk.open();
  const { values } = await desk.issue();
  const own = buildOwnEndpoints(desk.context);
  return { desk, values, gateway: await startTestGateway({ upstream: 'http://127.0.0.1:9', config, own }) };
}

function post({ gateway, values }: Scene, path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  const headers = { authorization: basic(values), 'content-type': form };
  return fetch(`${gateway.origin}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
}

function login(scene: Scene): Promise<Response> {
  const { username, password } = scene.values;
  return post(scene, '/api/oauth/v1/token', { grant_type: 'password', username, password });
}

test('login, refresh, introspection, revocation, with the headers that clients compare as a whole', async () => {
  const scene = await open();
  const reply = await login(scene);
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toBe('application/json');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(reply.headers.get('pragma')).toBe('no-cache');
  const first = (await reply.json()) as TokenPair;

  const fields = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
  const refreshed = await post(scene, '/api/oauth/v1/token', fields);
  const second = (await refreshed.json()) as TokenPair;
  const again = await post(scene, '/api/oauth/v1/token', fields);
  expect([again.status, await again.json()]).toEqual([
    422,
    { code: 422, message: 'Refresh token is invalid or has expired' },
  ]);

  const shown = await post(scene, '/oauth/introspect', { token: second.access_token });
  expect(await shown.json()).toMatchObject({ active: true, client_id: scene.values.clientId });
  const revoked = await post(scene, '/oauth/revoke', { token: second.refresh_token });
  expect([revoked.status, await revoked.json()]).toEqual([200, {}]);
  expect(revoked.headers.get('x-content-type-options')).toBe('nosniff');
  const gone = await post(scene, '/oauth/introspect', { token: second.access_token });
  expect(await gone.json()).toEqual({ active: false });
});

test('a base URL with a slash at its end asks //api/oauth/v1/token, and gets tokens', async () => {
  const { gateway, values } = await open();
  const body = new URLSearchParams({ grant_type: 'password', username: values.username, password: values.password });
  const head = `Host: a\r\nAuthorization: ${basic(values)}\r\nContent-Type: ${form}\r\nConnection: close`;
  const text = String(body);
  const { statuses } = await sendRaw(
    gateway.port,
    `POST //api/oauth/v1/token HTTP/1.1\r\n${head}\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
  );
  expect(statuses).toEqual([200]);
});

describe('the length of a body', () => {
  const tooLong = { code: 413, message: 'Request content exceeded the maximum allowed size of 8192 bytes' };
  const pad = (length: number): string => `{"fill":"${'x'.repeat(length - 11)}"}`;

  test.each([
    [8192, false, 422],
    [8193, false, 413],
    [8192, true, 422],
    [8193, true, 413],
    [100_000, true, 413],
  ])('%i bytes, chunked: %s', async (length, isChunked, status) => {
    const { gateway } = await open();
    const bytes = new TextEncoder().encode(pad(length));
    const body = isChunked ? new Blob([bytes]).stream() : bytes;
    const reply = await fetch(`${gateway.origin}/api/oauth/v1/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      ...(isChunked && { duplex: 'half' }),
    } as RequestInit);
    expect(reply.status).toBe(status);
    if (status === 413) expect(await reply.json()).toEqual(tooLong);
  });

  test('no body and no type at all', async () => {
    const { gateway } = await open();
    const { text } = await sendRaw(
      gateway.port,
      'POST /api/oauth/v1/token HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(text).toMatch(/^HTTP\/1.1 415 /);
    expect(text).toContain('The \\"Content-Type\\" header is missing.');
  });
});

test('grant_type in the query is none', async () => {
  const scene = await open();
  const { username, password } = scene.values;
  const reply = await post(scene, '/api/oauth/v1/token?grant_type=password', { username, password });
  expect(await reply.json()).toEqual({
    code: 422,
    message: 'Parameter "grant_type", "username" or "password" is missing, empty or invalid',
  });
});

test('metadata and keys answer GET and HEAD, on the address that was called', async () => {
  const { gateway } = await open();
  for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/jwks.json']) {
    const [get, head] = [
      await fetch(`${gateway.origin}${path}`),
      await fetch(`${gateway.origin}${path}`, { method: 'HEAD' }),
    ];
    expect([get.status, head.status, await head.text()]).toEqual([200, 200, '']);
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
  }
  const metadata = await (await fetch(`${gateway.origin}/.well-known/oauth-authorization-server`)).json();
  expect(metadata).toMatchObject({ issuer: gateway.origin, token_endpoint: `${gateway.origin}/api/oauth/v1/token` });
});

test('with publicUrl the metadata and the tokens name the same issuer', async () => {
  const { gateway, desk, values } = await open('publicUrl: https://api.example.com');
  const reply = await fetch(`${gateway.origin}/.well-known/oauth-authorization-server`);
  const { issuer } = (await reply.json()) as { issuer: string };
  const { iss } = (await desk.introspect(values, (await desk.loginWell(values)).access_token)) as { iss: string };
  expect([issuer, iss]).toEqual(['https://api.example.com', 'https://api.example.com']);
});

test('no value and no token is in the log or in the metrics', async () => {
  const scene = await open();
  const tokens = (await (await login(scene)).json()) as TokenPair;
  await post(scene, '/oauth/revoke', { token: tokens.access_token });
  await post(scene, '/api/oauth/v1/token', { grant_type: 'refresh_token', refresh_token: `${tokens.refresh_token}x` });
  await post({ ...scene, values: { ...scene.values, clientSecret: 'a-wrong-secret' } }, '/oauth/revoke', {
    token: 'x',
  });
  const { clientSecret, password } = scene.values;
  const said = JSON.stringify(scene.gateway.log) + (await scene.gateway.readMetrics());
  for (const value of [clientSecret, password, tokens.access_token, tokens.refresh_token, 'a-wrong-secret']) {
    expect(said).not.toContain(value);
  }
});
