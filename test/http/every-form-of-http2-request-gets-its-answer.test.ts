import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataFrame, frames, headersFrame, type SeenFrame, sendRawHttp2 } from './send-raw-http2.ts';
import { openTestGateway, type TestGateway } from './start-test-gateway.ts';
import { echo, openUpstream, type TestUpstream } from './start-upstream.ts';

let gateway: TestGateway;
let upstream: TestUpstream;

beforeAll(async () => {
  upstream = await openUpstream(echo);
  gateway = await openTestGateway({ upstream: upstream.origin, config: 'limits: {concurrent: 0, perSecond: 0}' });
});

afterAll(async () => {
  await gateway.close(0);
  upstream.close();
});

type Headers = readonly (readonly [string, string])[];

const products = '/api/rest/v1/products';
const get: Headers = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', products],
  [':authority', 'a'],
  ['authorization', 'Bearer erp'],
];
const json = ['content-type', 'application/json'] as const;
const post: Headers = [...replace(':method', 'POST'), json];

/** The request with another value of one header. */
function replace(name: string, value: string): Headers {
  return get.map((header) => (header[0] === name ? [name, value] : header));
}

function isOver(seen: readonly SeenFrame[]): boolean {
  return seen.some(({ type, payload }) => type === frames.reset || type === frames.goAway || isLastData(type, payload));
}

/** Every answer here ends with an empty DATA frame. */
function isLastData(type: number, payload: Buffer): boolean {
  return type === frames.data && payload.length === 0;
}

/** The body of the answer, `reset` with the error code of the stream, or `goaway` with that of the connection. */
function readAnswer(seen: readonly SeenFrame[]): string {
  const end = seen.find(({ type }) => type === frames.reset || type === frames.goAway);
  const body = seen.filter(({ type }) => type === frames.data).map(({ payload }) => payload.toString());
  if (body.length > 0 || end === undefined) return body.join('');
  return end.type === frames.reset ? `reset ${end.payload.readUInt32BE()}` : `goaway ${end.payload.readUInt32BE(4)}`;
}

async function ask(parts: readonly Buffer[]): Promise<string> {
  return readAnswer(await sendRawHttp2(gateway.port, parts, isOver, 10));
}

const more = (...headers: Headers): Headers => [...get, ...headers];
const tooMany = (name: string): string => `{"code":400,"message":"The request has more than one ${name} header."}`;
const noSlash = '{"code":400,"message":"The request target must begin with a slash; no absolute form, no \\"*\\"."}';
const unserved = '{"code":405,"message":"Method Not Allowed (Allow: GET, HEAD, POST, PUT, PATCH, DELETE)"}';
/** PROTOCOL_ERROR: RFC 9113 section 8.1.1 calls these malformed, and the parser ends their streams itself. */
const malformed = 'reset 1';

test.each<[string, Headers, string]>([
  ['connection', more(['connection', 'close']), malformed],
  ['keep-alive', more(['keep-alive', 'timeout=5']), malformed],
  ['proxy-connection', more(['proxy-connection', 'close']), malformed],
  ['transfer-encoding', more(['transfer-encoding', 'chunked']), malformed],
  ['upgrade', more(['upgrade', 'websocket']), malformed],
  ['te of something else than trailers', more(['te', 'gzip']), malformed],
  ['a name with a capital', more(['X-Own', 'a']), malformed],
  ['a pseudo header behind others', [...get.filter(([name]) => name !== ':authority'), [':authority', 'a']], malformed],
  ['two paths', more([':path', '/b']), malformed],
  ['no path', get.filter(([name]) => name !== ':path'), malformed],
  ['an empty path', replace(':path', ''), malformed],
  ['no authority and no host', get.filter(([name]) => name !== ':authority'), malformed],
  ['an authority with a user', replace(':authority', 'user@a'), malformed],
  ['a length without a body', more(['content-length', '5']), malformed],
  ['host beside another authority', more(['host', 'b']), '{"code":400,"message":"Host and :authority differ."}'],
  ['two authorizations', more(['authorization', 'Bearer dam']), tooMany('authorization')],
  ['two types', more(json, json), tooMany('content-type')],
  ['two of one x-original header', more(['x-original-uri', '/'], ['x-original-uri', '/']), tooMany('x-original-uri')],
  ['two x-forwarded-uri', more(['x-forwarded-uri', '/'], ['x-forwarded-uri', '/']), tooMany('x-forwarded-uri')],
  ['an asterisk', [[':method', 'OPTIONS'], ...replace(':path', '*').slice(1)], noSlash],
  [
    'CONNECT',
    [
      [':method', 'CONNECT'],
      [':authority', 'evil.example:80'],
      ['authorization', 'Bearer erp'],
    ],
    noSlash,
  ],
  ['a method that nobody knows', replace(':method', 'BREW'), unserved],
  ['a method in small letters', replace(':method', 'get'), unserved],
])('%s is refused', async (_name, headers, answer) => {
  const before = upstream.requests.length;
  expect(await ask([headersFrame(headers, true)])).toBe(answer);
  expect(upstream.requests.length).toBe(before);
});

test.each([
  ['less', '5'],
  ['more', '1'],
])('a body that is %s than its length never becomes a whole request', async (_name, length) => {
  const before = upstream.requests.length;
  const head = headersFrame([...post, ['content-length', length]], false);
  expect(await ask([head, dataFrame('{}', true)])).toMatch(/^(reset|goaway) \d+$/);
  expect(upstream.requests.slice(before).filter(({ complete }) => complete)).toEqual([]);
});

test('trailers of a client stay here', async () => {
  const trailers = headersFrame([['x-connection-code', 'admin']], true);
  const { headers, body } = JSON.parse(await ask([headersFrame(post, false), dataFrame('{}', false), trailers]));
  expect([headers['x-connection-code'], body]).toEqual(['erp', '{}']);
  expect(upstream.requests.at(-1)?.trailers).toEqual({});
});

test.each<[string, Headers]>([
  ['a host that agrees', more(['host', 'a'])],
  ['a host alone', [...get.filter(([name]) => name !== ':authority'), ['host', 'a']]],
  ['te: trailers', more(['te', 'trailers'])],
  ['another expectation', more(['expect', 'much'])],
])('%s goes on', async (_name, headers) => {
  const seen = JSON.parse(await ask([headersFrame(headers, true)]));
  expect([seen.method, seen.url, seen.headers['x-forwarded-host']]).toEqual(['GET', products, 'a']);
});
