import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';

/** A request as bytes, one character each. */
export interface FuzzedRequest {
  /** In the header `X-Fuzz`, so that the upstream can be asked whether it arrived. */
  readonly id: string;
  readonly text: string;
  /** Its token is one that the gateway made, as it was made. */
  readonly isGenuine: boolean;
}

/** Header and payload of a JWT without its signature. */
const unsigned = (token: string): string => token.slice(0, token.lastIndexOf('.'));
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined): object => JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));

/** Everything that somebody can make of two tokens without the key. None of them is good. */
function buildForgeries(token: string, other: string, published: string): fc.Arbitrary<string> {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const own: KeyObject = generateKeyPairSync('ed25519').privateKey;
  const claims = decode(payload);
  const resign = (head: object, body: object): string => {
    const text = `${encode(head)}.${encode(body)}`;
    return `${text}.${sign(null, Buffer.from(text), own).toString('base64url')}`;
  };
  const hashed = (text: string): string =>
    `${text}.${createHmac('sha256', published).update(text).digest('base64url')}`;
  const replace = (at: number, by: string): string => {
    const place = at % token.length;
    return token.slice(0, place) + by + token.slice(place + 1);
  };
  const letter = fc.constantFrom(...'ABCxyz019-_.=~ ');
  return fc.oneof(
    fc.nat(token.length - 1).map((length) => token.slice(0, length)),
    fc
      .tuple(fc.nat(), letter)
      .map(([at, by]) => replace(at, by))
      .filter((text) => text !== token),
    fc.constant(`${unsigned(token)}.${other.split('.')[2]}`),
    fc.constant(`${header}.${other.split('.')[1]}.${signature}`),
    fc.constantFrom('none', 'None', 'HS256', 'RS256', 'EdDSA', '').map((alg) => {
      return `${encode({ ...decode(header), alg })}.${payload}.`;
    }),
    fc.constantFrom('none', 'HS256').map((alg) => hashed(`${encode({ ...decode(header), alg })}.${payload}`)),
    fc.object({ maxDepth: 1 }).map((extra) => resign(decode(header), { ...claims, ...extra })),
    fc
      .constantFrom('exp', 'aud', 'sid', 'client', 'user')
      .map((name) => resign(decode(header), { ...claims, [name]: undefined })),
    fc.constant(resign({ ...decode(header), jwk: { kty: 'OKP', crv: 'Ed25519' }, kid: undefined }, claims)),
    fc.constant(`${token}.`),
    fc.constant(`${token}.${payload}`),
    fc.string({ maxLength: 300 }).map((text) => text.replace(/[^\x20-\x7e]/g, '')),
    fc.nat(12_000).map((length) => 'a'.repeat(length)),
  );
}

const targets: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '/api/rest/v1/products',
    '/api/rest/v1/products?search=%7B%7D&limit=10',
    '/api/rest/v1/categories/a',
    '/api/rest/v1/media-files/a/b/c.png/download',
    '/api/rest/v1/media-files/../products',
    '/api/rest/v1/media-files/%2e%2e/products',
    '/api/rest/v1/media-files/%252e%252e/products',
    '/api/rest/v1/media-files/a%2f..%2fproducts',
    '/api/rest/v1/products;x=1/../jobs',
    '//evil.example/api/rest/v1/products',
    'http://evil.example/api/rest/v1/products',
    '/api/rest/v1/products?_method=DELETE',
    '/api/oauth/v1/token',
    '/oauth/revoke',
    '/oauth/introspect',
    '/.well-known/jwks.json',
    '/authz/api/rest/v1/products',
    '/authz',
    '*',
    '/',
  ),
  fc
    .array(
      fc.constantFrom(
        'api',
        'rest',
        'v1',
        'products',
        'a',
        '..',
        '.',
        '',
        '%2e',
        '%2F',
        '%5c',
        '%00',
        '%',
        'é',
        'search',
        'draft',
        'index.php',
      ),
      {
        maxLength: 8,
      },
    )
    .map((segments) => `/${segments.join('/')}`),
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => `/api/rest/v1/${Buffer.from(text).toString('latin1')}`),
  fc.nat(20_000).map((length) => `/api/rest/v1/products?x=${'y'.repeat(length)}`),
);

const methods = fc.oneof(
  fc.constantFrom(
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'TRACE',
    'CONNECT',
    'get',
    'PRI',
    'QUERY',
  ),
  fc.string({ maxLength: 10 }).map((text) => text.replace(/[^\x21-\x7e]/g, 'X')),
);

const headers: fc.Arbitrary<readonly string[]> = fc.array(
  fc.oneof(
    fc.constantFrom(
      'Host: other.example',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip, chunked',
      'Transfer-Encoding : chunked',
      'Content-Length: 4',
      'Content-Length: 5',
      'Content-Length: -1',
      'Content-Type: application/json',
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Type: multipart/form-data; boundary=x',
      'Expect: 100-continue',
      'Connection: Upgrade, HTTP2-Settings',
      'Connection: Authorization',
      'Upgrade: h2c',
      'X-HTTP-Method-Override: DELETE',
      'X-Original-URI: /api/rest/v1/products',
      'X-Original-Method: GET',
      'X_Original_URI: /api/rest/v1/products',
      'X-Forwarded-Uri: /api/rest/v1/products',
      'X-Forwarded-Method: GET',
      'X-Connection-Role: admin',
      'X_Connection_Role: admin',
      'Range: bytes=0-1',
      ' folded: yes',
      'no colon',
      ': empty',
    ),
    fc.tuple(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 40 })).map(([name, value]) => {
      return `${Buffer.from(name).toString('latin1')}: ${Buffer.from(value).toString('latin1')}`;
    }),
    fc.nat(20_000).map((length) => `X-Long: ${'z'.repeat(length)}`),
  ),
  { maxLength: 4 },
);

const bodies: fc.Arbitrary<string> = fc.oneof(
  fc.constant(''),
  fc.constantFrom(
    '{"grant_type":"password"}',
    'grant_type=refresh_token&refresh_token=x',
    '0\r\n\r\n',
    '4\r\n{"a"\r\n0\r\n\r\n',
    'ffffffffffffffff\r\n',
    // A second request inside of the first one's body; it brings no token.
    '0\r\n\r\nGET /api/rest/v1/products HTTP/1.1\r\nHost: x\r\nX-Fuzz: smuggled\r\n\r\n',
    'abcdGET /api/rest/v1/products HTTP/1.1\r\nHost: x\r\nX-Fuzz: smuggled\r\n\r\n',
  ),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('latin1')),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.nat(100_000).map((length) => 'b'.repeat(length)),
);

/** Mostly nothing special, so that one oddity at a time is met too. */
const often = <T>(plain: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: plain }, { weight: 2, arbitrary: odd });
const plainTarget = fc.constantFrom(
  '/api/rest/v1/products',
  '/api/rest/v1/products?search=%7B%7D&limit=10',
  '/api/rest/v1/categories/a',
  '/api/rest/v1/products-uuid/search',
);

/** Requests of every shape, about one in three with a token that is good. */
export function buildFuzzedRequests(token: string, other: string, published: string): fc.Arbitrary<FuzzedRequest> {
  const authorization = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ line: `Authorization: Bearer ${token}`, isGenuine: true }) },
    {
      weight: 2,
      arbitrary: buildForgeries(token, other, published).map((forged) => ({
        line: `Authorization: Bearer ${forged}`,
        isGenuine: false,
      })),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('', 'Authorization: Basic e30=', 'Authorization:')
        .map((line) => ({ line, isGenuine: false })),
    },
  );
  const version = fc.oneof(
    { weight: 9, arbitrary: fc.constant('HTTP/1.1') },
    fc.constantFrom('HTTP/1.0', 'HTTP/2.0', ''),
  );
  return fc
    .tuple(
      fc.uuid(),
      often(fc.constantFrom('GET', 'POST'), methods),
      often(plainTarget, targets),
      version,
      often(fc.constant([]), headers),
      authorization,
      often(fc.constant(''), bodies),
    )
    .map(([id, method, target, protocol, extra, { line, isGenuine }, body]) => {
      const lines = ['Host: gateway.example', `X-Fuzz: ${id}`, 'Connection: close', line, ...extra].filter(
        (text) => text !== '',
      );
      const head = [`${method} ${target} ${protocol}`, ...lines].join('\r\n');
      return { id, isGenuine, text: `${head}\r\n\r\n${body}` };
    });
}
