import { spawn } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { findCaddy } from '../../tools/caddy/find-caddy.ts';
import { reservePort } from '../../tools/reserve-port.ts';
import { buildConnection } from '../http/build-connection.ts';
import { sendRaw } from '../http/send-raw.ts';
import { openTestGateway } from '../http/start-test-gateway.ts';
import { echo, openUpstream } from '../http/start-upstream.ts';
import { eventually } from './control-plane/eventually.ts';

const caddyfile = join(import.meta.dirname, '../../examples/forward-auth/Caddyfile');
const products = '/api/rest/v1/products';
/** Building it takes some minutes, once, on a busy machine ten. */
const buildTime = 1_800_000;

let scene: Scene;
beforeAll(async () => {
  const caddy = await findCaddy((line) => void process.stderr.write(`${line}\n`));
  scene = await start(caddy);
  return () => scene.stop();
}, buildTime);
beforeEach(() => {
  scene.requests.length = 0;
});

interface Scene {
  /** Where Caddy listens. */
  readonly port: number;
  readonly origin: string;
  /** What Caddy forwarded to the API since the test began. */
  readonly requests: IncomingMessage[];
  stop(): Promise<void>;
}

/** The API, the gateway, and Caddy with the shipped example in front of both. */
async function start(caddy: string): Promise<Scene> {
  const requests: IncomingMessage[] = [];
  const upstream = await openUpstream((request, response) => {
    requests.push(request);
    echo(request, response);
  });
  const gateway = await openTestGateway({ upstream: upstream.origin });
  gateway.directory.roles.set('reads', { readOnly: true, permissions: ['pim_api_product_list'] });
  gateway.add(buildConnection('reads', { roleRef: { name: 'reads' } }));
  const port = await reservePort();
  const child = spawn(caddy, ['run', '--config', caddyfile, '--adapter', 'caddyfile'], {
    env: {
      ...process.env,
      LISTEN_HOST: '127.0.0.1',
      LISTEN_PORT: String(port),
      GATEWAY: `127.0.0.1:${gateway.port}`,
      API: new URL(upstream.origin).host,
    },
    stdio: 'ignore',
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gateway.close(0);
    upstream.close();
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await eventually(async () => expect((await fetch(`${origin}/api/rest/v1`)).status).toBe(200));
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, origin, requests, stop };
}

test('what is allowed gets there with the names of the caller, whatever the client claims to be', async () => {
  const { origin } = scene;
  const claims = { 'x-connection-code': 'admin', 'x-connection-role': 'admin', 'x-connection-more': 'admin' };
  const answer = await fetch(`${origin}${products}?a=%2F&b=1`, {
    headers: { authorization: 'Bearer reads', ...claims },
  });
  const { url, headers } = (await answer.json()) as { url: string; headers: Record<string, string> };
  expect([answer.status, url]).toEqual([200, `${products}?a=%2F&b=1`]);
  expect(headers).toMatchObject({
    'x-connection-code': 'reads',
    'x-connection-role': 'reads',
    'x-connection-group': 'all',
  });
  expect([headers.authorization, headers['x-connection-more']]).toEqual([undefined, undefined]);
});

test('open endpoints get there without a name, claimed or not', async () => {
  const { origin } = scene;
  const claims = { 'x-connection-code': 'admin', 'x-connection-role': 'admin', 'x-connection-group': 'admin' };
  const answer = await fetch(`${origin}/api/rest/v1/system-information`, { headers: claims });
  const { headers } = (await answer.json()) as { headers: Record<string, string> };
  const names = ['code', 'role', 'group'].map((name) => headers[`x-connection-${name}`] ?? '');
  expect([answer.status, ...names]).toEqual([200, '', '', '']);
});

test('tokens are asked for through it', async () => {
  const { origin } = scene;
  const answer = await fetch(`${origin}/api/oauth/v1/token`, { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
  expect(await answer.json()).toMatchObject({ name: 'token', body: 'a=b' });
});

test('a refusal goes to the client as the gateway worded it', async () => {
  const { origin } = scene;
  const none = await fetch(origin + products);
  expect([none.status, none.headers.get('www-authenticate'), await none.json()]).toEqual([
    401,
    'Bearer realm="Service"',
    { code: 401, message: 'Authentication is required' },
  ]);
  const write = await fetch(`${origin}${products}/x`, { method: 'DELETE', headers: { authorization: 'Bearer reads' } });
  expect(write.status).toBe(403);
});

test.each([
  ['dot segments', `GET /api/rest/v1/media-files/../products HTTP/1.1`, ''],
  ['dot segments in disguise', `GET /api/rest/v1/media-files/%2e%2e/products HTTP/1.1`, ''],
  ['a slash in disguise', `GET /api/rest/v1/media-files%2fa HTTP/1.1`, ''],
  ['two slashes', `GET /${products} HTTP/1.1`, ''],
  ['a backslash', `GET /api/rest/v1/%5c..%5cproducts HTTP/1.1`, ''],
  ['_method', `POST ${products}?_method=DELETE HTTP/1.1`, 'Content-Length: 0\r\n'],
  ['a header that changes the method', `GET ${products} HTTP/1.1`, 'X-HTTP-Method-Override: DELETE\r\n'],
  ['two Authorizations', `GET ${products} HTTP/1.1`, 'Authorization: Bearer reads\r\n'],
  ['the question itself', 'GET /authz/api/rest/v1 HTTP/1.1', ''],
])('%s is refused and reaches nobody', async (_name, line, more) => {
  const { port, requests } = scene;
  const head = `${line}\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer erp\r\n${more}\r\n`;
  const { statuses } = await sendRaw(port, head, { quiet: 20_000 });
  expect([403, 400]).toContain(statuses[0]);
  expect(requests).toEqual([]);
});

test.each([
  'X-Connection-Code',
  'X_Connection_Code',
  'X-Connection_Role',
  'X-Connection.Group',
  'x.connection.more',
  'X_Forwarded_Uri',
])('%s from a client gets nowhere', async (name) => {
  const { port, requests } = scene;
  const head = `GET ${products} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer reads\r\n`;
  const { statuses } = await sendRaw(port, `${head}${name}: ${products}/admin\r\n\r\n`, { quiet: 20_000 });
  const [seen] = requests;
  // Some are dropped, the others make the gateway refuse.
  expect([200, 403]).toContain(statuses[0]);
  expect(seen === undefined).toBe(statuses[0] === 403);
  expect(JSON.stringify(seen?.rawHeaders ?? [])).not.toContain('admin');
  expect(seen?.headers['x-connection-code'] ?? 'reads').toBe('reads');
});

test("the client's own word about what it asks for counts for nothing", async () => {
  const { origin, requests } = scene;
  const headers = {
    authorization: 'Bearer reads',
    'x-forwarded-method': 'GET',
    'x-forwarded-uri': products,
    'x-original-method': 'GET',
    'x-original-uri': products,
  };
  const answer = await fetch(`${origin}${products}/x`, { method: 'DELETE', headers });
  expect([answer.status, requests.length]).toEqual([403, 0]);
});

test('bodies go through untouched', async () => {
  const { origin } = scene;
  const type = 'application/vnd.akeneo.collection+json';
  const headers = { authorization: 'Bearer erp', 'content-type': type };
  const answer = await fetch(origin + products, {
    method: 'PATCH',
    headers,
    body: '{"identifier":"a"}\n{"identifier":"b"}',
  });
  expect(await answer.json()).toMatchObject({ method: 'PATCH', body: '{"identifier":"a"}\n{"identifier":"b"}' });
});
