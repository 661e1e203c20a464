import { expect, test } from 'vitest';
import { sendRaw } from './send-raw.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const line = 'POST /api/rest/v1/products HTTP/1.1\r\n';
const head = 'Host: a\r\nAuthorization: Bearer erp\r\nContent-Type: application/json\r\n';
/** What a smuggler hides in a body: the upstream must never see it as a request. */
const hidden = 'DELETE /api/rest/v1/products/hidden HTTP/1.1\r\nHost: a\r\n\r\n';
const chunks = `0\r\n\r\n${hidden}`;

test.each([
  [
    'Content-Length with Transfer-Encoding',
    `${line}${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`,
  ],
  [
    'Transfer-Encoding with Content-Length',
    `${line}${head}Transfer-Encoding: chunked\r\nContent-Length: ${chunks.length}\r\n\r\n${chunks}`,
  ],
  ['an unknown Transfer-Encoding', `${line}${head}Transfer-Encoding: xchunked\r\n\r\n${chunks}`],
  [
    'two Transfer-Encodings',
    `${line}${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n${chunks}`,
  ],
  ['chunked, then something else', `${line}${head}Transfer-Encoding: chunked, identity\r\n\r\n${chunks}`],
  ['a space before the colon', `${line}${head}Transfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\n${chunks}`],
  ['a tab in front of chunked', `${line}${head}Transfer-Encoding:\x0bchunked\r\n\r\n${chunks}`],
  [
    'Transfer-Encoding on HTTP/1.0',
    `POST /api/rest/v1/products HTTP/1.0\r\n${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`,
  ],
  ['two Content-Lengths', `${line}${head}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`],
  ['a list of Content-Lengths', `${line}${head}Content-Length: 0, ${hidden.length}\r\n\r\n${hidden}`],
  ['a signed Content-Length', `${line}${head}Content-Length: +0\r\n\r\n${hidden}`],
  ['a negative Content-Length', `${line}${head}Content-Length: -1\r\n\r\n${hidden}`],
  ['a hexadecimal Content-Length', `${line}${head}Content-Length: 0x0\r\n\r\n${hidden}`],
  ['a chunk size that is no number', `${line}${head}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n${hidden}`],
  [
    'a chunk size that is too large',
    `${line}${head}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n${hidden}`,
  ],
  [
    'a chunk that is longer than it says',
    `${line}${head}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n${hidden}`,
  ],
  ['a chunk ended by a bare line feed', `${line}${head}Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n${hidden}`],
  ['lines ended by a bare line feed', `${line}${head}X: a\nTransfer-Encoding: chunked\r\n\r\n${chunks}`],
  ['a bare carriage return', `${line}${head}X: a\rTransfer-Encoding: chunked\r\n\r\n${chunks}`],
  ['a folded header', `${line}${head}X: a\r\n Transfer-Encoding: chunked\r\n\r\n${chunks}`],
  ['a zero byte', `${line}${head}X: a\0b\r\n\r\n${hidden}`],
  ['two Hosts', `${line}${head}Host: b\r\nContent-Length: 0\r\n\r\n`],
  ['no Host', `${line}Authorization: Bearer erp\r\nContent-Length: 0\r\n\r\n`],
  ['a Host with a path', `${line}${head.replace('Host: a', 'Host: a/b')}Content-Length: 0\r\n\r\n`],
  ['two Authorizations', `${line}${head}Authorization: Bearer other\r\nContent-Length: 0\r\n\r\n`],
  [
    'a Connection header that names Authorization',
    `${line}${head}Connection: authorization\r\nContent-Length: 0\r\n\r\n`,
  ],
  ['an absolute target', `POST http://evil.example/api/rest/v1/products HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`],
  ['an asterisk', `OPTIONS * HTTP/1.1\r\n${head}\r\n`],
  ['CONNECT', `CONNECT evil.example:80 HTTP/1.1\r\n${head}\r\n`],
  ['_method in the query', `POST /api/rest/v1/products?_method=DELETE HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`],
  ['no HTTP at all', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
])('%s', async (_name, bytes) => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const { text, statuses } = await sendRaw(gateway.port, bytes);
  expect(statuses).toEqual([400]);
  expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ code: 400 });
  expect(upstream.requests.map(({ method, url }) => `${method} ${url}`)).not.toContain(
    'DELETE /api/rest/v1/products/hidden',
  );
  expect(upstream.requests.filter(({ complete }) => complete)).toEqual([]);
});

test('what follows a chunked body is a request of its own, with its own decision', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const body = `2\r\n{}\r\n0\r\nX-Connection-Code: trailer\r\n\r\n`;
  const bytes = `${line}${head}Transfer-Encoding: chunked\r\n\r\n${body}${hidden}`;
  const { statuses } = await sendRaw(gateway.port, bytes, { answers: 2 });
  expect(statuses).toEqual([200, 401]);
  expect(upstream.requests.map(({ method }) => method)).toEqual(['POST']);
});

test('requests in one packet are answered in their order', async () => {
  const upstream = await startUpstream((request, response) => {
    setTimeout(() => response.end(request.url), request.url?.includes('slow') ? 100 : 0);
  });
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const ask = (name: string): string => `GET /api/rest/v1/products/${name} HTTP/1.1\r\n${head}\r\n`;
  const { text } = await sendRaw(gateway.port, ask('slow') + ask('quick') + ask('last'), { answers: 3 });
  expect(text.match(/products\/[a-z]+/g)).toEqual(['products/slow', 'products/quick', 'products/last']);
});

test('requests that are sent ahead wait for those before them, and are no calls at the same time', async () => {
  let atOnce = 0;
  let most = 0;
  const upstream = await startUpstream((_request, response) => {
    most = Math.max(most, ++atOnce);
    setTimeout(() => {
      atOnce--;
      response.end('ok');
    }, 5);
  });
  const gateway = await startTestGateway({
    upstream: upstream.origin,
    config: 'limits: {concurrent: 1, perSecond: 0}',
  });
  const ask = `GET /api/rest/v1/products HTTP/1.1\r\n${head}\r\n`;
  const some = await sendRaw(gateway.port, ask.repeat(50), { answers: 50 });
  expect([some.statuses, most]).toEqual([Array.from({ length: 50 }, () => 200), 1]);
  const flood = await sendRaw(gateway.port, ask.repeat(400));
  expect(flood.closed).toBe(true);
  expect(flood.statuses.length).toBeLessThan(200);
});

test('garbage behind a request takes nothing from its answer', async () => {
  const upstream = await startUpstream((_request, response) => void setTimeout(() => response.end('whole answer'), 50));
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const { text, statuses, closed } = await sendRaw(
    gateway.port,
    `GET /api/rest/v1/products HTTP/1.1\r\n${head}\r\nGARBAGE\r\n\r\n`,
  );
  expect([statuses, closed]).toEqual([[200], true]);
  expect(text).toContain('whole answer');
});

test('headers that are too long are refused, however many', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const get = 'GET /api/rest/v1/products HTTP/1.1\r\n';
  expect((await sendRaw(gateway.port, `${get}${head}X: ${'a'.repeat(17_000)}\r\n\r\n`)).statuses).toEqual([400]);
  expect((await sendRaw(gateway.port, `${get}${head}X: ${'a'.repeat(90_000)}\r\n\r\n`)).statuses).toEqual([431]);
  expect((await sendRaw(gateway.port, `GET /${'a'.repeat(5_000)} HTTP/1.1\r\n${head}\r\n`)).statuses).toEqual([400]);
  // Not by the number of lines: Node's own limit is 2,000.
  const last = `${get}Host: a\r\n${'a:b\r\n'.repeat(2_300)}Authorization: Bearer erp\r\n\r\n`;
  expect((await sendRaw(gateway.port, last)).statuses).toEqual([200]);
});
