import { expect, test } from 'vitest';
import { startTestGateway } from './start-test-gateway.ts';
import { startRawUpstream } from './start-upstream.ts';

const behind = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';

test.each([
  ['a length', 'GET', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'ok'],
  ['chunks', 'GET', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 'ok'],
  ['204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ['304 with a length', 'GET', `HTTP/1.1 304 Not Modified\r\nContent-Length: ${behind.length}\r\n\r\n`, ''],
  ['an answer to HEAD', 'HEAD', `HTTP/1.1 200 OK\r\nContent-Length: ${behind.length}\r\n\r\n`, ''],
])('behind %s', async (_name, method, answer, body) => {
  let connections = 0;
  const upstream = await startRawUpstream((socket) => {
    const isFirst = ++connections === 1;
    socket.on('data', () => {
      socket.write(isFirst ? answer + behind : 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood', 'latin1');
    });
  });
  const { origin } = await startTestGateway({ upstream: upstream.origin });
  const headers = { authorization: 'Bearer erp' };
  const first = await fetch(`${origin}/api/rest/v1/products`, { method, headers });
  expect(await first.text()).toBe(body);
  expect(await (await fetch(`${origin}/api/rest/v1/products`, { headers })).text()).toBe('good');
});
