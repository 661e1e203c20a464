import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRaw } from './send-raw.ts';
import { openTestGateway, type TestGateway } from './start-test-gateway.ts';
import { echo, openUpstream, type TestUpstream } from './start-upstream.ts';

let gateway: TestGateway;
let upstream: TestUpstream;

beforeAll(async () => {
  upstream = await openUpstream(echo);
  const config = 'limits: {concurrent: 0, perSecond: 0}';
  gateway = await openTestGateway({ upstream: upstream.origin, config });
  const rules = [{ methods: ['GET', 'OPTIONS'] as const, paths: ['/x/*', '/y/**', '/'] }];
  gateway.directory.roles.set('full', { permissions: ['pim_api_product_list', 'pim_api_product_edit'], rules });
});

afterAll(async () => {
  await gateway.close(0);
  upstream.close();
});

const products = '/api/rest/v1/products';
const head = 'Host: a\r\nAuthorization: Bearer erp\r\nConnection: close\r\n';
const json = 'Content-Type: application/json\r\n';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the upstream saw, as it answers it. */
function readSeen(text: string): Seen {
  return JSON.parse(/\{"method.*\}/s.exec(text)?.[0] ?? 'null');
}

test.each<[string, string, string, string]>([
  ['a query of nothing', `GET ${products}? HTTP/1.1\r\n${head}\r\n`, `GET ${products}?`, ''],
  ['question marks in a query', `GET ${products}?a=?b? HTTP/1.1\r\n${head}\r\n`, `GET ${products}?a=?b?`, ''],
  ['a key that stands twice', `GET ${products}?a=1&a=2&a HTTP/1.1\r\n${head}\r\n`, `GET ${products}?a=1&a=2&a`, ''],
  [
    'mixed escapes',
    `GET ${products}/%E2%82%AC%c3%a9%41 HTTP/1.1\r\n${head}\r\n`,
    `GET ${products}/%E2%82%AC%c3%a9%41`,
    '',
  ],
  ['letters as escapes', `GET /api/rest/v1/%70roducts HTTP/1.1\r\n${head}\r\n`, 'GET /api/rest/v1/%70roducts', ''],
  ['a per cent sign', `GET ${products}/100%25 HTTP/1.1\r\n${head}\r\n`, `GET ${products}/100%25`, ''],
  ['a code with slashes', `GET ${products}/a/b HTTP/1.1\r\n${head}\r\n`, `GET ${products}/a/b`, ''],
  ['the root, by a rule', `GET / HTTP/1.1\r\n${head}\r\n`, 'GET /', ''],
  ['a slash at the end, by a rule with **', `GET /y/z/ HTTP/1.1\r\n${head}\r\n`, 'GET /y/z/', ''],
  ['OPTIONS that a rule names', `OPTIONS /x/1 HTTP/1.1\r\n${head}\r\n`, 'OPTIONS /x/1', ''],
  ['HTTP/1.0', `GET ${products} HTTP/1.0\r\n${head}\r\n`, `GET ${products}`, ''],
  ['empty lines before it', `\r\n\r\nGET ${products} HTTP/1.1\r\n${head}\r\n`, `GET ${products}`, ''],
  [
    'header names in any case',
    `GET ${products} HTTP/1.1\r\nhOST: a\r\nAUTHORIZATION: Bearer erp\r\n\r\n`,
    `GET ${products}`,
    '',
  ],
  ['GET with a length of 0', `GET ${products} HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`, `GET ${products}`, ''],
  ['GET with a body', `GET ${products} HTTP/1.1\r\n${head}Content-Length: 2\r\n\r\n{}`, `GET ${products}`, '{}'],
  ['POST without a body', `POST ${products} HTTP/1.1\r\n${head}\r\n`, `POST ${products}`, ''],
  [
    'POST of nothing in chunks',
    `POST ${products} HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `POST ${products}`,
    '',
  ],
  [
    'POST in chunks with extensions',
    `POST ${products} HTTP/1.1\r\n${head}${json}Transfer-Encoding: Chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n`,
    `POST ${products}`,
    '{}',
  ],
  [
    'another expectation',
    `POST ${products} HTTP/1.1\r\n${head}${json}Expect: much\r\nContent-Length: 2\r\n\r\n{}`,
    `POST ${products}`,
    '{}',
  ],
])('%s goes on', async (_name, bytes, line, body) => {
  const { text, statuses } = await sendRaw(gateway.port, bytes);
  expect(statuses).toEqual([200]);
  const seen = readSeen(text);
  expect([`${seen.method} ${seen.url}`, seen.body]).toEqual([line, body]);
  expect(Object.keys(seen.headers)).not.toContain('expect');
});

const denied = 'Access forbidden. No rule of the role allows this call.';
const unserved = 'Method Not Allowed (Allow: GET, HEAD, POST, PUT, PATCH, DELETE)';
const version = 'The request line names another version than HTTP/1.0 or 1.1.';
const broken = 'The request is not well-formed HTTP.';
const query = 'The query holds something else than visible ASCII, or a "#".';

test.each<[string, string, number, string]>([
  ['a method that nobody knows', `BREW ${products} HTTP/1.1\r\n${head}\r\n`, 405, unserved],
  ['a method in small letters', `get ${products} HTTP/1.1\r\n${head}\r\n`, 405, unserved],
  ['TRACE', `TRACE ${products} HTTP/1.1\r\n${head}\r\n`, 405, unserved],
  ['OPTIONS that no rule names', `OPTIONS ${products} HTTP/1.1\r\n${head}\r\n`, 405, unserved],
  [
    'OPTIONS of nobody',
    `OPTIONS /x/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    401,
    'Authentication is required',
  ],
  ['HTTP/0.9 with headers', `GET ${products} HTTP/0.9\r\n${head}\r\n`, 400, version],
  ['HTTP/2.0 on a line', `GET ${products} HTTP/2.0\r\n${head}\r\n`, 400, version],
  ['HTTP/1.2', `GET ${products} HTTP/1.2\r\n${head}\r\n`, 400, broken],
  ['no version', `GET ${products}\r\n\r\n`, 400, version],
  ['a method with a line of another', `BREW ${products}\r\n${head}\r\n`, 400, broken],
  ['a byte above ASCII in a query', `GET ${products}?a=\xe9 HTTP/1.1\r\n${head}\r\n`, 400, broken],
  ['a fragment', `GET ${products}?a=#b HTTP/1.1\r\n${head}\r\n`, 400, query],
  ['another case', `GET /API/rest/v1/products HTTP/1.1\r\n${head}\r\n`, 403, denied],
  ['a slash at the end', `GET ${products}/ HTTP/1.1\r\n${head}\r\n`, 403, denied],
  ['a slash at the end of a rule', `GET /x/1/ HTTP/1.1\r\n${head}\r\n`, 403, denied],
  [
    'bearer in small letters',
    `GET ${products} HTTP/1.1\r\nHost: a\r\nAuthorization: bearer erp\r\nConnection: close\r\n\r\n`,
    401,
    'Authentication is required',
  ],
  [
    'a token in the query',
    `GET ${products}?access_token=erp HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    401,
    'Authentication is required',
  ],
])('%s is refused', async (_name, bytes, status, message) => {
  const before = upstream.requests.length;
  const { text, statuses, closed } = await sendRaw(gateway.port, bytes);
  expect([statuses, closed]).toEqual([[status], true]);
  const [headers = '', body = ''] = text.split('\r\n\r\n');
  expect(body).toBe(JSON.stringify({ code: status, message }));
  expect(headers).toMatch(/^content-type: application\/json$/im);
  expect(headers).toMatch(/^cache-control: no-store$/im);
  expect(/^allow: (.*)$/im.exec(headers)?.[1]).toBe(status === 405 ? 'GET, HEAD, POST, PUT, PATCH, DELETE' : undefined);
  expect(upstream.requests.length).toBe(before);
});

test.each([
  ['websocket', `GET ${products} HTTP/1.1\r\n${head.replace('close', 'Upgrade')}Upgrade: websocket\r\n\r\n`],
  [
    'h2c, with a body',
    `POST ${products} HTTP/1.1\r\n${head.replace('close', 'Upgrade, HTTP2-Settings')}${json}Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 2\r\n\r\n{}`,
  ],
])('who asks to speak %s is answered in HTTP/1.1', async (_name, bytes) => {
  const { text, statuses } = await sendRaw(gateway.port, bytes);
  expect(statuses).toEqual([200]);
  const { headers, body } = readSeen(text);
  expect(body).toBe(bytes.startsWith('POST') ? '{}' : '');
  expect(Object.keys(headers).filter((name) => /upgrade|http2/.test(name))).toEqual([]);
});

test('HTTP/1.0 gets its answer without chunks, and its end with the connection', async () => {
  const { text, closed } = await sendRaw(
    gateway.port,
    `GET ${products} HTTP/1.0\r\nHost: a\r\nAuthorization: Bearer erp\r\n\r\n`,
  );
  expect(closed).toBe(true);
  expect(text).not.toMatch(/^transfer-encoding/im);
  expect(text).toMatch(/\}$/);
});

test.each([
  ['401', `POST ${products} HTTP/1.1\r\nHost: a\r\n${json}Content-Length: 2\r\n\r\n{}`, 401],
  ['400', `GET ${products};a HTTP/1.1\r\nHost: a\r\n\r\n`, 400],
  ['403', `GET /z HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer erp\r\n\r\n`, 403],
  ['404', `GET /oauth/z HTTP/1.1\r\nHost: a\r\n\r\n`, 404],
  ['405', `TRACE / HTTP/1.1\r\nHost: a\r\n\r\n`, 405],
  [
    '415',
    `POST ${products} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer erp\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>`,
    415,
  ],
])('after a %s the connection goes on', async (_name, bytes, status) => {
  const next = `GET ${products} HTTP/1.1\r\n${head}\r\n`;
  expect((await sendRaw(gateway.port, bytes + next, { answers: 2 })).statuses).toEqual([status, 200]);
});
