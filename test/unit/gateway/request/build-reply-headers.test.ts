import { describe, expect, test } from 'vitest';
import {
  buildReplyHeaders,
  ownReplyHeaders,
  readPublicLocation,
} from '../../../../src/gateway/request/build-reply-headers.ts';
import { buildLinkAddresses } from '../../../../src/gateway/request/find-public-link.ts';

const publicAddress = { base: 'https://api.example.com', host: 'api.example.com', protocol: 'https' } as const;
const settings = {
  addresses: buildLinkAddresses(new URL('http://pim.internal'), publicAddress),
  requestTarget: '/api/rest/v1/products?page=2',
  changesBody: false,
};

test('content goes back as the upstream sent it', () => {
  const raw = ['Content-Type', 'application/json', 'Content-Length', '2', 'ETag', '"1"', 'X-Own', 'a', 'X-Own', 'b'];
  expect(buildReplyHeaders(raw, settings)).toEqual(raw.map((text, at) => (at % 2 === 0 ? text.toLowerCase() : text)));
});

test.each([
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Set-Cookie',
  'set_cookie',
  'Server',
  'Alt-Svc',
])('%s stays behind', (name) => {
  expect(buildReplyHeaders([name, 'x', 'Date', 'now'], settings)).toEqual(['date', 'now']);
});

test('what Connection names stays behind', () => {
  expect(buildReplyHeaders(['Connection', 'close, X-Hop', 'x-hop', '1', 'x-end', '2'], settings)).toEqual([
    'x-end',
    '2',
  ]);
});

test('length and digests of a body that is changed stay behind', () => {
  const raw = [
    'content-length',
    '2',
    'etag',
    '"1"',
    'digest',
    'x',
    'content-md5',
    'y',
    'content-type',
    'application/json',
  ];
  expect(buildReplyHeaders(raw, { ...settings, changesBody: true })).toEqual(['content-type', 'application/json']);
});

describe('Location', () => {
  test.each([
    ['absolute', 'http://pim.internal/api/rest/v1/products/x', 'https://api.example.com/api/rest/v1/products/x'],
    ['with the default port', 'http://pim.internal:80/x', 'https://api.example.com/x'],
    ['in capitals', 'HTTP://PIM.internal/X', 'https://api.example.com/X'],
    ['the origin alone', 'http://pim.internal', 'https://api.example.com'],
    [
      'with escapes and a query, byte for byte',
      'http://pim.internal/a%2Fb/./c?x=%7e#f',
      'https://api.example.com/a%2Fb/./c?x=%7e#f',
    ],
    ['from the root', '/api/rest/v1/products/x', 'https://api.example.com/api/rest/v1/products/x'],
    ['relative to the request', 'x', 'https://api.example.com/api/rest/v1/x'],
    ['a query alone', '?page=3', 'https://api.example.com/api/rest/v1/products?page=3'],
    [
      'with a backslash, which ends the host',
      'http://pim.internal\\@evil.example/',
      'https://api.example.com/@evil.example/',
    ],
    ['without a scheme, on the upstream', '//pim.internal/x', 'https://api.example.com/x'],
  ])('%s leads to the address that was called', (_, value, expected) => {
    expect(buildReplyHeaders(['Location', value], settings)).toEqual(['location', expected]);
  });

  test.each([
    'http://evil.example/x',
    'https://pim.internal/x',
    'http://pim.internal:8080/x',
    'http://pim.internal.evil.example/x',
    'http://pim.internal@evil.example/',
    'http://user@pim.internal/x',
    '//evil.example/x',
    '/\\evil.example/x',
    '\\\\evil.example',
    'javascript:alert(1)',
    'http://',
    'http:///',
  ])('%j to another place is left out', (value) => {
    expect(buildReplyHeaders(['Location', value, 'Content-Location', value], settings)).toEqual([]);
  });

  test('a public address with a path keeps it', () => {
    const addresses = buildLinkAddresses(new URL('http://pim.internal'), {
      ...publicAddress,
      base: 'https://example.com/pim',
    });
    expect(readPublicLocation('/x', { ...settings, addresses })).toBe('https://example.com/pim/x');
  });
});

test('own answers are kept by nobody and guessed by nobody', () => {
  expect(ownReplyHeaders).toEqual({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
});
