import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildSmallPim, smallGroup } from '../unit/gateway/catalog/pim/small-pim.ts';
import { buildConnection } from './build-connection.ts';
import { type ServedPim, startSamplePim } from './start-sample-pim.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';

interface Served {
  readonly gateway: TestGateway;
  readonly upstream: ServedPim;
  ask(path: string, init?: RequestInit): Promise<Response>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A gateway in front of the small PIM, which answers some requests otherwise. */
async function start(answer: Answer = () => false, idle?: number): Promise<Served> {
  const upstream = await startSamplePim(buildSmallPim().pim, answer);
  const gateway = await startTestGateway({ upstream: upstream.origin, ...(idle && { idle }) });
  gateway.directory.groups.set('some', smallGroup);
  gateway.directory.groups.set('none', {});
  for (const group of ['some', 'none']) {
    gateway.add(buildConnection(group, { roleRef: { name: 'full' }, groupRef: { name: group } }));
  }
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${gateway.origin}/api/rest/v1/${path}`, {
      ...init,
      headers: { authorization: 'Bearer some', ...(init.headers as Record<string, string>) },
    });
  return { gateway, upstream, ask };
}

const unusable = { code: 502, message: 'The upstream gave no answer that can be shown.' };

/** Answers everything beneath a path. */
const at =
  (path: string, reply: (response: ServerResponse) => void): Answer =>
  ({ url = '' }, response) => {
    if (!url.startsWith(`/api/rest/v1/${path}`)) return false;
    reply(response);
    return true;
  };

test('hidden and not there are the same to the last header', async () => {
  const { ask } = await start(
    at('products/', (response) => {
      const isThere = response.req.url?.endsWith('/hidden') === true;
      response.writeHead(isThere ? 200 : 404, {
        'content-type': 'application/json',
        'cache-control': isThere ? 'private' : 'public',
        ...(isThere ? { vary: 'Accept', 'x-product': 'hidden' } : { allow: 'GET' }),
      });
      response.end(isThere ? '{"identifier":"hidden","categories":["c3"]}' : '{"code":404,"message":"no"}');
    }),
  );
  const read = async (name: string) => {
    const reply = await ask(`products/${name}`);
    const headers = [...reply.headers].filter(([key]) => key !== 'date');
    return { status: reply.status, headers, text: (await reply.text()).replace(name, '') };
  };
  const hidden = await read('hidden');
  expect(hidden.status).toBe(404);
  // As long as the other one.
  expect(await read('absent')).toEqual(hidden);
});

test('no header of the upstream comes along that might name something', async () => {
  const { ask } = await start(
    at('products/seen', (response) => {
      const headers = {
        link: '</p?search_after=hidden>; rel=next',
        'x-debug': 'hidden',
        location: '/hidden',
        age: '1',
      };
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'private', ...headers });
      response.end('{"identifier":"seen","categories":["c0"]}');
    }),
  );
  const reply = await ask('products/seen');
  expect(await reply.text()).toBe('{"identifier":"seen","categories":["c0"]}');
  const names = [...reply.headers.keys()].filter((name) => !['connection', 'date', 'keep-alive'].includes(name));
  expect(names).toEqual(['cache-control', 'content-length', 'content-type']);
});

test.each<[string, (response: ServerResponse) => void]>([
  ['leads elsewhere', (response) => response.writeHead(302, { location: '/api/rest/v1/products/hidden' }).end()],
  [
    'is compressed although nobody asked for it',
    (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync('{"_embedded":{"items":[]}}')),
  ],
  ['is a part', (response) => response.writeHead(206).end('{"_embedded":{"items":[]}}')],
  ['is no JSON', (response) => response.end('<html>')],
])('a reply that %s is 502 and counted as such', async (_name, reply) => {
  const { ask, gateway } = await start(at('products?', reply));
  const said = await ask('products?limit=10');
  expect([said.status, await said.json(), said.headers.get('location')]).toEqual([502, unusable, null]);
  expect(await gateway.readMetrics()).toMatch(/requests_total\{[^}]*decision="upstream_error"[^}]*\} 1/);
});

test('the links of a list that is empty lead to the gateway too', async () => {
  const { ask, gateway, upstream } = await start();
  const reply = await ask('products?limit=5&with_count=true', { headers: { authorization: 'Bearer none' } });
  const href = (page: string) => ({
    href: `${gateway.origin}/api/rest/v1/products?page=${page}&limit=5&with_count=true`,
  });
  expect([reply.status, await reply.json()]).toEqual([
    200,
    { _links: { self: href('1'), first: href('1') }, current_page: 1, items_count: 0, _embedded: { items: [] } },
  ]);
  expect(upstream.arrived).toEqual([]);
});

test('a HEAD tells the length of what may be seen', async () => {
  const { ask } = await start();
  const length = async (method: string) => (await ask('products/seen', { method })).headers.get('content-length');
  expect(await length('HEAD')).toBe(await length('GET'));
});

test('what a body is read as is said without a charset', async () => {
  const { ask, upstream } = await start();
  const headers = { 'content-type': 'application/json; charset=utf-7', 'content-encoding': 'x' };
  expect((await ask('products/owned', { method: 'PATCH', body: '{}', headers })).status).toBe(204);
  const sent = upstream.arrived.find(({ method }) => method === 'PATCH')?.headers;
  expect([sent?.['content-type'], sent?.['content-encoding'], sent?.['content-length']]).toEqual([
    'application/json',
    undefined,
    '2',
  ]);
});

test('a body that nobody can read here goes no further', async () => {
  const { ask, upstream } = await start();
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const reply = await ask('products/owned', { method: 'PATCH', body: gzipSync('{"enabled":true}'), headers });
  expect([reply.status, await reply.json()]).toEqual([400, { code: 400, message: 'Invalid json message received' }]);
  expect(upstream.arrived.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('a file comes as it is, also a part of it, also when it is JSON', async () => {
  const file = '{"_links":{"self":{"href":"/api/rest/v1/products/x"}}}';
  const { ask, upstream } = await start(
    at('media-files/', (response) => {
      const isPart = response.req.headers.range === 'bytes=0-';
      response.writeHead(isPart ? 206 : 200, { 'content-type': 'application/json', etag: '"1"' }).end(file);
    }),
  );
  const reply = await ask('media-files/a/b.json/download', { headers: { range: 'bytes=0-' } });
  expect([reply.status, reply.headers.get('etag'), await reply.text()]).toEqual([206, '"1"', file]);
  expect((await ask('media-files/a/b.json?x=1')).status).toBe(422);
  expect(upstream.requests).toHaveLength(1);
});

describe('an upstream that does not answer', () => {
  test.each(['categories', 'attributes'])('about its %s is 502, and nothing was let through', async (structure) => {
    const { ask, upstream, gateway } = await start(
      at(structure, () => undefined),
      150,
    );
    const write = { method: 'PATCH', body: '{"enabled":true}', headers: { 'content-type': 'application/json' } };
    for (const [path, init] of [
      ['products', {}],
      ['products/seen', {}],
      ['products/owned', write],
    ] as const) {
      const reply = await ask(path, init);
      expect([reply.status, await reply.json()]).toEqual([
        502,
        { code: 502, message: 'The upstream cannot be asked what the group may see.' },
      ]);
    }
    expect(upstream.requests.every(({ url = '' }) => !url.includes('products'))).toBe(true);
    expect(await gateway.readMetrics()).toMatch(/requests_total\{[^}]*decision="upstream_error"[^}]*\} 3/);
  });

  test('in time, byte by byte, does not hold up calls for ever', async () => {
    const timers = new Set<NodeJS.Timeout>();
    const { ask } = await start(
      at('categories', (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 20);
        timers.add(timer);
        response.once('close', () => clearInterval(timer));
      }),
      300,
    );
    expect((await ask('products')).status).toBe(502);
    for (const timer of timers) clearInterval(timer);
  });

  test('with an error that says too much', async () => {
    const { ask } = await start(
      at('products/seen', (response) =>
        response.writeHead(500, { 'retry-after': '7', 'x-debug': 'hidden' }).end('hidden'),
      ),
    );
    const reply = await ask('products/seen');
    expect([reply.status, await reply.json()]).toEqual([500, { ...unusable, code: 500 }]);
    expect([reply.headers.get('retry-after'), reply.headers.get('x-debug')]).toEqual(['7', null]);
  });
});

test('an upstream that answers before it has the file, and hangs up, ends the call and nothing else', async () => {
  const { gateway, ask } = await start((incoming, response) => {
    if (incoming.method !== 'POST') return false;
    response.writeHead(413, { 'content-type': 'application/json', connection: 'close' });
    response.end('{"code":413,"message":"too large"}', () => incoming.socket.destroySoon());
    return true;
  });
  const place = JSON.stringify({ identifier: 'owned', attribute: 'name', scope: null, locale: 'en_US' });
  const head = [
    '--b\r\nContent-Disposition: form-data; name="product"\r\n',
    `${place}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n`,
    '',
  ].join('\r\n');
  for (let at = 0; at < 5; at++) {
    const sent = request(`${gateway.origin}/api/rest/v1/media-files`, {
      method: 'POST',
      headers: { authorization: 'Bearer some', 'content-type': 'multipart/form-data; boundary=b' },
    });
    sent.on('error', () => undefined);
    sent.write(head);
    for (let part = 0; part < 10; part++) sent.write(Buffer.alloc(100_000, part));
    const [reply] = (await once(sent, 'response')) as [IncomingMessage];
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    sent.destroy();
  }
  expect((await ask('products/seen')).status).toBe(200);
});

test('over HTTP/2 too, and a HEAD without a body', async () => {
  const { gateway } = await start();
  const session = connectHttp2(gateway.origin);
  onTestFinished(() => session.destroy());
  const ask = async (path: string, method: string) => {
    const stream = session.request({
      ':path': `/api/rest/v1/${path}`,
      ':method': method,
      authorization: 'Bearer some',
    });
    stream.end();
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    return { status: headers[':status'], length: headers['content-length'], body: await text(stream) };
  };
  const list = await ask('products?limit=100', 'GET');
  expect(list.status).toBe(200);
  expect(JSON.parse(list.body)._embedded.items).toHaveLength(7);
  expect(list.length).toBe(String(Buffer.byteLength(list.body)));
  expect(await ask('products?limit=100', 'HEAD')).toEqual({ status: 200, length: list.length, body: '' });
  expect((await ask('products/hidden', 'GET')).status).toBe(404);
});

test('a client that takes nothing in is left, and its reply with it', { timeout: 60_000 }, async () => {
  const long = JSON.stringify({ identifier: 'seen', categories: [], family: 'x'.repeat(20_000_000) });
  const { gateway, ask } = await start(
    at('products/seen', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(long)),
    2_000,
  );
  const socket = connect(gateway.port, '127.0.0.1');
  // By a reset, or in order.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('GET /api/rest/v1/products/seen HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer some\r\n\r\n');
  await once(socket, 'readable');
  // Reads on only when the gateway must have given up: what comes then is not whole.
  await expect.poll(async () => /not whole/.test(JSON.stringify(gateway.log)), { timeout: 30_000 }).toBe(true);
  let size = 0;
  socket.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  await closed;
  expect(size).toBeLessThan(long.length);
  expect((await (await ask('products/seen')).text()).length).toBe(long.length);
});
