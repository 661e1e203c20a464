import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { buildSmallPim, smallGroup, uuidFor } from '../unit/gateway/catalog/pim/small-pim.ts';
import { buildConnection } from './build-connection.ts';
import { type ServedPim, startSamplePim } from './start-sample-pim.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';

interface Served {
  readonly gateway: TestGateway;
  readonly pim: ReturnType<typeof buildSmallPim>['pim'];
  readonly upstream: ServedPim;
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** A gateway in front of the small PIM, and the connection `shop` with the restricted group. */
async function start(upstreamFields = ''): Promise<Served> {
  const { pim } = buildSmallPim();
  const upstream = await startSamplePim(pim);
  const gateway = await startTestGateway({ upstream: upstream.origin, upstreamFields });
  gateway.directory.groups.set('some', smallGroup);
  gateway.add(buildConnection('shop', { roleRef: { name: 'full' }, groupRef: { name: 'some' } }));
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${gateway.origin}/api/rest/v1/${path}`, {
      ...init,
      headers: { authorization: 'Bearer shop', ...(init.headers as Record<string, string>) },
    });
  return { gateway, pim, upstream, ask };
}

type Page = { _links: Record<string, { href: string }>; _embedded: { items: Record<string, unknown>[] } };

test('a list has what the group sees, its length, and links that work at the gateway', async () => {
  const { ask, gateway } = await start();
  const seen: unknown[] = [];
  let next: string | undefined = 'products?pagination_type=search_after&limit=2';
  while (next !== undefined) {
    const reply = await ask(next, { headers: { 'accept-encoding': 'gzip' } });
    const text = await reply.text();
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json');
    expect(reply.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    for (const name of ['etag', 'content-digest', 'last-modified', 'content-encoding']) {
      expect(reply.headers.get(name), name).toBeNull();
    }
    expect(text).not.toContain('hidden');
    const { _links, _embedded } = JSON.parse(text) as Page;
    for (const item of _embedded.items) {
      seen.push(item.identifier);
      expect(item._links).toEqual({
        self: { href: `${gateway.origin}/api/rest/v1/products/${item.identifier}` },
      });
    }
    for (const { href } of Object.values(_links))
      expect(href).toMatch(new RegExp(`^${gateway.origin}/api/rest/v1/products\\?`));
    next = _links.next?.href.slice(`${gateway.origin}/api/rest/v1/`.length);
  }
  expect(seen).toEqual(['both', 'child', 'edited', 'free', 'owned', 'seen', 'variant']);
});

test('the upstream is asked with the condition, with its own credentials and nothing conditional', async () => {
  const { ask, upstream } = await start('auth: {type: header, name: X-Api-Key, value: secret}');
  const headers = {
    'if-none-match': '*',
    'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT',
    range: 'bytes=0-5',
    'x-mine': '1',
  };
  const reply = await ask('products?search={"enabled":[{"operator":"=","value":true}]}', { headers });
  expect(reply.status).toBe(200);
  const list = upstream.arrived.find(({ url }) => url.includes('UNCLASSIFIED'));
  expect(list?.headers).toMatchObject({
    'x-mine': '1',
    'x-connection-group': 'some',
    'x-api-key': 'secret',
    'accept-encoding': 'identity',
  });
  for (const name of ['if-none-match', 'if-modified-since', 'range', 'authorization']) {
    expect(list?.headers[name], name).toBeUndefined();
  }
  for (const { headers: sent } of upstream.arrived) expect(sent['x-api-key']).toBe('secret');
  for (const { headers: sent } of upstream.arrived.filter((one) => one !== list)) {
    expect(sent['x-mine']).toBeUndefined();
  }
});

test('a HEAD is judged like the GET and has no body', async () => {
  const { ask, upstream } = await start();
  expect([
    (await ask('products/seen', { method: 'HEAD' })).status,
    (await ask('products/hidden', { method: 'HEAD' })).status,
  ]).toEqual([200, 404]);
  expect(upstream.arrived.map(({ method }) => method)).not.toContain('HEAD');
});

test('what is hidden, what is not there, and what is refused, in the words of the PIM', async () => {
  const { ask } = await start();
  const missing = 'does not exist or you do not have permission to access it.';
  for (const name of ['hidden', 'gone']) {
    const reply = await ask(`products/${name}`);
    expect([reply.status, await reply.json()]).toEqual([404, { code: 404, message: `Product "${name}" ${missing}` }]);
    expect(reply.headers.get('etag')).toBeNull();
  }
  const unknown = await ask('products?attributes=price');
  expect([unknown.status, await unknown.json()]).toEqual([
    422,
    { code: 422, message: 'Attribute "price" does not exist.' },
  ]);
  expect(unknown.headers.get('cache-control')).toBe('no-store');
  expect((await ask('media-files')).status).toBe(403);
  expect((await ask('products?limit=1&limit=2')).status).toBe(400);
});

describe('writing', () => {
  const json = { 'content-type': 'application/json' };

  test('one product: the very bytes, or 403', async () => {
    const { ask, upstream } = await start();
    const body = '{ "values":{"name":[{"locale":"en_US","scope":null,"data":1.10}]} }';
    const done = await ask('products/owned', { method: 'PATCH', body, headers: json });
    expect([done.status, await done.text()]).toEqual([204, '']);
    expect(upstream.arrived.find(({ method }) => method === 'PATCH')).toMatchObject({
      url: '/api/rest/v1/products/owned',
      body: Buffer.from(body),
    });
    expect((await ask('products/seen', { method: 'PATCH', body, headers: json })).status).toBe(403);
    expect((await ask('products/owned', { method: 'PATCH', body: '{"a":1,"a":2}', headers: json })).status).toBe(400);
    expect((await ask('products/owned', { method: 'DELETE', body: '{}' })).status).toBe(204);
    expect((await ask('products/edited', { method: 'DELETE' })).status).toBe(403);
    expect(upstream.arrived.filter(({ method }) => method !== 'GET')).toHaveLength(2);
  });

  test('a new product, by uuid too', async () => {
    const { ask, gateway } = await start();
    const body = JSON.stringify({ identifier: 'new', categories: ['c2'] });
    const done = await ask('products', { method: 'POST', body, headers: json });
    expect([done.status, done.headers.get('location')]).toEqual([201, `${gateway.origin}/api/rest/v1/products/new`]);
    const patch = await ask(`products-uuid/${uuidFor('hidden')}`, { method: 'PATCH', body: '{}', headers: json });
    expect(patch.status).toBe(403);
  });

  test('a collection, each line by itself', async () => {
    const { ask } = await start();
    const body = ['{"identifier":"hidden"}', '{"identifier":"owned"}', '{"identifier":"seen"}'].join('\n');
    const type = 'application/vnd.akeneo.collection+json';
    const reply = await ask('products', { method: 'PATCH', body, headers: { 'content-type': type } });
    const text = await reply.text();
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, type]);
    expect(text.split('\n').map((line) => (JSON.parse(line) as { status_code: number }).status_code)).toEqual([
      403, 204, 403,
    ]);
    expect(text.endsWith('\n')).toBe(false);
  });

  test('a search by POST', async () => {
    const { ask } = await start();
    const body = JSON.stringify({ search: '{"enabled":[{"operator":"=","value":true}]}' });
    const reply = await ask('products-uuid/search?limit=100', { method: 'POST', body, headers: json });
    const { _embedded } = (await reply.json()) as Page;
    expect(_embedded.items).toHaveLength(7);
  });

  test('a body that is longer than what is judged is 413', async () => {
    const { ask, upstream } = await start();
    const body = Buffer.alloc(34_000_000, 0x20);
    const reply = await ask('products/owned', { method: 'PATCH', body, headers: json });
    expect(reply.status).toBe(413);
    expect(upstream.arrived).toEqual([]);
  });
});

describe('a file', () => {
  const boundary = 'bOuNdArY';
  const part = (name: string, content: Buffer | string): Buffer =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${name}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]);
  const product = (identifier: string): Buffer =>
    part('name="product"', JSON.stringify({ identifier, attribute: 'name', scope: null, locale: 'en_US' }));
  const file = part('name="file"; filename="a.bin"', Buffer.alloc(3_000_000, 7));
  const end = Buffer.from(`--${boundary}--\r\n`);
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };

  test('goes through untouched where the part before it may write', async () => {
    const { ask, upstream } = await start();
    const body = Buffer.concat([product('owned'), file, end]);
    const reply = await ask('media-files', { method: 'POST', body, headers });
    expect(reply.status).toBe(201);
    const sent = upstream.arrived.find(({ method }) => method === 'POST');
    expect(sent?.body.equals(body)).toBe(true);
    expect(sent?.headers['content-length']).toBe(String(body.length));
  });

  test('is refused before it was sent where it may not', async () => {
    const { ask, upstream } = await start();
    const body = Buffer.concat([product('seen'), file, end]);
    expect((await ask('media-files', { method: 'POST', body, headers })).status).toBe(403);
    expect(upstream.arrived.map(({ method }) => method)).not.toContain('POST');
  });

  test('with another part behind it never arrives whole', async () => {
    const { ask, upstream } = await start();
    const body = Buffer.concat([product('owned'), file, product('hidden'), end]);
    const reply = await ask('media-files', { method: 'POST', body, headers });
    expect([reply.status, await reply.json()]).toEqual([
      400,
      { code: 400, message: 'The file is not the last part of the multipart body.' },
    ]);
    expect(upstream.arrived.map(({ method }) => method)).not.toContain('POST');
  });

  test('that a client breaks off ends at the upstream too, and the next call is served', async () => {
    const { ask, gateway, upstream } = await start();
    const sent = request(`${gateway.origin}/api/rest/v1/media-files`, {
      method: 'POST',
      headers: { ...headers, authorization: 'Bearer shop', 'content-length': 9_000_000 },
    });
    sent.on('error', () => undefined);
    sent.write(Buffer.concat([product('owned'), file]));
    await expect.poll(() => upstream.requests.some(({ method }) => method === 'POST'), { timeout: 15_000 }).toBe(true);
    sent.destroy();
    const post = upstream.requests.find(({ method }) => method === 'POST');
    await expect.poll(() => post?.destroyed, { timeout: 15_000 }).toBe(true);
    expect((await ask('products/seen')).status).toBe(200);
  });
});

test('an upstream that goes away is 502, and counted as such', async () => {
  const { ask, upstream, gateway } = await start();
  expect((await ask('products/seen')).status).toBe(200);
  for (const socket of upstream.sockets) socket.destroy();
  const { gateway: alone } = { gateway: await startTestGateway({ upstream: 'http://127.0.0.1:1' }) };
  alone.directory.groups.set('some', smallGroup);
  alone.add(buildConnection('shop', { roleRef: { name: 'full' }, groupRef: { name: 'some' } }));
  const reply = await fetch(`${alone.origin}/api/rest/v1/products`, { headers: { authorization: 'Bearer shop' } });
  expect([reply.status, await reply.json()]).toEqual([
    502,
    { code: 502, message: 'The upstream cannot be asked what the group may see.' },
  ]);
  expect(await alone.readMetrics()).toMatch(/requests_total\{[^}]*decision="upstream_error"[^}]*\} 1/);
  // A connection that was dead is tried once more.
  expect((await ask('products/seen')).status).toBe(200);
  expect((await ask('products/hidden')).status).toBe(404);
  expect((await ask('products?x=1')).status).toBe(422);
  expect(await gateway.readMetrics()).toMatch(/requests_total\{[^}]*decision="catalog"[^}]*\} 2/);
  expect(JSON.stringify(gateway.log)).not.toContain('hidden');
});
