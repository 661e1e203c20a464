import { expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';
import { startRawUpstream, startUpstream } from './start-upstream.ts';

const products = '/api/rest/v1/products';
const headers = { authorization: 'Bearer erp' };

async function ask({ origin }: TestGateway, init: RequestInit = {}): Promise<readonly [number, unknown]> {
  const answer = await fetch(origin + products, { headers, ...init });
  return [answer.status, await answer.json()];
}

const unreachable = [502, { code: 502, message: 'The upstream cannot be reached.' }];
const garbage = [502, { code: 502, message: 'The upstream gave an answer that cannot be passed on.' }];

test('nobody listens there', async () => {
  const gateway = await startTestGateway({ upstream: 'http://127.0.0.1:1' });
  expect(await ask(gateway)).toEqual(unreachable);
  expect(gateway.log.at(-1)).toMatchObject({
    level: 'info',
    status: 502,
    decision: 'upstream_error',
    reason: 'unreachable: ECONNREFUSED',
    route: products,
    code: 'erp',
  });
});

test.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ['a length with chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['headers without end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}`],
  ['a broken header', 'HTTP/1.1 200 OK\r\nX\x01: a\r\n\r\n'],
  ['a status of no class', 'HTTP/1.1 999999 OK\r\n\r\n'],
])('%s', async (_name, bytes) => {
  const upstream = await startRawUpstream((socket) => socket.once('data', () => socket.end(bytes, 'latin1')));
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const [status, body] = await ask(gateway);
  expect(status).toBe(502);
  expect([unreachable[1], garbage[1]]).toContainEqual(body);
});

test('a switch of protocols', async () => {
  const upstream = await startRawUpstream((socket) =>
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    ),
  );
  const gateway = await startTestGateway({ upstream: upstream.origin, idle: 2_000 });
  const answer = await fetch(gateway.origin + products, { headers: { ...headers, 'sec-websocket-key': 'a' } });
  expect(answer.status).toBe(502);
});

test('a connection that breaks before the answer: reading is tried once more, writing is not', async () => {
  let connections = 0;
  const upstream = await startRawUpstream((socket) => {
    connections++;
    socket.once('data', () => socket.destroy());
  });
  const gateway = await startTestGateway({ upstream: upstream.origin });
  expect(await ask(gateway)).toEqual(unreachable);
  expect(connections).toBe(2);
  const body = '{}';
  expect(
    await ask(gateway, { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } }),
  ).toEqual(unreachable);
  expect(connections).toBe(3);
});

test('a kept connection that the upstream has closed meanwhile costs a reader nothing', async () => {
  let connections = 0;
  const upstream = await startRawUpstream((socket) => {
    connections++;
    let requests = 0;
    socket.on('data', () => {
      if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else socket.destroy();
    });
  });
  const gateway = await startTestGateway({ upstream: upstream.origin });
  for (let turn = 0; turn < 3; turn++) {
    const answer = await fetch(gateway.origin + products, { headers });
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
  }
  expect(connections).toBe(3);
});

test('interim answers are not passed on', async () => {
  const upstream = await startRawUpstream((socket) =>
    socket.once('data', () =>
      socket.end('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    ),
  );
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const answer = await fetch(gateway.origin + products, { headers });
  expect([answer.status, await answer.text(), answer.headers.get('link')]).toEqual([200, 'ok', null]);
});

test('an error of the upstream is its own and goes to the client', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(422, {
      'content-type': 'application/json',
      'retry-after': '7',
      server: 'pim',
      'set-cookie': 'a=b',
    });
    response.end('{"code":422,"message":"Validation failed."}');
  });
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const answer = await fetch(gateway.origin + products, { headers });
  expect(await answer.text()).toBe('{"code":422,"message":"Validation failed."}');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([422, '7']);
  expect([answer.headers.get('server'), answer.headers.get('set-cookie')]).toEqual([null, null]);
});

test('a redirect is not followed', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(302, { location: 'http://evil.example/' });
    response.end();
  });
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const answer = await fetch(gateway.origin + products, { headers, redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, null]);
});
