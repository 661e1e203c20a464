import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../../src/access/refusal.ts';
import {
  type HttpVersion,
  maxHeaderBytes,
  type RequestHeaders,
  readHeaders,
} from '../../../../src/gateway/request/read-headers.ts';

type Line = readonly [name: string, value: string];
const host: Line = ['Host', 'gateway.example'];

function read(lines: readonly Line[], version: HttpVersion = '1.1'): RequestHeaders | Refusal {
  return readHeaders([host, ...lines].flat(), version);
}

function readBare(lines: readonly Line[], version: HttpVersion = '1.1'): RequestHeaders | Refusal {
  return readHeaders(lines.flat(), version);
}

describe('headers that are read', () => {
  test('are values by name, whatever their case', () => {
    const headers = read([
      ['AUTHORIZATION', 'Bearer x'],
      ['content-Type', 'application/json; charset=utf-8'],
      ['Content-Length', '12'],
    ]);
    expect(headers).toMatchObject({
      host: 'gateway.example',
      authorization: 'Bearer x',
      contentType: 'application/json; charset=utf-8',
      contentLength: 12,
      chunked: false,
    });
  });

  test('are absent where they are absent', () => {
    const headers = read([]);
    expect(headers).toMatchObject({ authorization: undefined, contentType: undefined, contentLength: undefined });
  });

  test('keep their order and their repetitions', () => {
    const headers = read([
      ['X-B', '1'],
      ['Accept', 'a'],
      ['x-b', '2'],
    ]);
    expect(headers).toMatchObject({
      lines: [
        { name: 'host', value: 'gateway.example' },
        { name: 'x-b', value: '1' },
        { name: 'accept', value: 'a' },
        { name: 'x-b', value: '2' },
      ],
    });
  });

  test('say which of them are for this hop only', () => {
    const headers = read([
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['Connection', 'x-private'],
    ]);
    expect((headers as RequestHeaders).hopNames).toEqual(new Set(['upgrade', 'http2-settings', 'x-private']));
  });

  test.each<Line>([
    ['Transfer-Encoding', 'chunked'],
    ['transfer-encoding', 'Chunked'],
  ])('may say %s: %s', (...line) => {
    expect(read([line])).toMatchObject({ chunked: true, contentLength: undefined });
  });

  test.each([
    ['a name', 'pim'],
    ['a name with a port', 'pim.example:8080'],
    ['a name with an underscore', 'pim_gateway'],
    ['an IPv4 address', '10.0.0.1:80'],
    ['an IPv6 address', '[::1]'],
    ['an IPv6 address with a port', '[2001:db8::1]:65535'],
  ])('may have %s as Host', (_, value) => {
    expect(readBare([['Host', value]])).toMatchObject({ host: value });
  });

  test('may be long, up to 16 KiB together', () => {
    const used = 'host'.length + host[1].length + 4;
    const value = 'v'.repeat(maxHeaderBytes - used - 'x'.length - 4);
    expect(read([['x', value]])).not.toBeInstanceOf(Refusal);
    expect(read([['x', `${value}v`]])).toMatchObject({ status: 400 });
  });
});

describe('headers that are refused', () => {
  test.each<[string, readonly Line[]]>([
    ['a second Host', [['Host', 'other']]],
    ['a second Host of the same value', [['host', 'gateway.example']]],
    [
      'two Authorization lines',
      [
        ['Authorization', 'Bearer a'],
        ['authorization', 'Bearer b'],
      ],
    ],
    [
      'two Content-Type lines',
      [
        ['Content-Type', 'application/json'],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
    ],
    [
      'two Content-Length lines',
      [
        ['Content-Length', '1'],
        ['Content-Length', '1'],
      ],
    ],
    [
      'two X-Original-URI lines',
      [
        ['X-Original-URI', '/a'],
        ['X-Original-Uri', '/b'],
      ],
    ],
    [
      'two X-Original-Method lines',
      [
        ['X-Original-Method', 'GET'],
        ['x-original-method', 'GET'],
      ],
    ],
    [
      'two lines of any X-Original- header',
      [
        ['X-Original-Host', 'a'],
        ['X-Original-Host', 'b'],
      ],
    ],
    [
      'two X-Forwarded-Uri lines',
      [
        ['X-Forwarded-Uri', '/a'],
        ['X-Forwarded-Uri', '/b'],
      ],
    ],
    [
      'two X-Forwarded-Method lines',
      [
        ['X-Forwarded-Method', 'GET'],
        ['X-Forwarded-Method', 'GET'],
      ],
    ],
    [
      'Content-Length beside Transfer-Encoding',
      [
        ['Content-Length', '5'],
        ['Transfer-Encoding', 'chunked'],
      ],
    ],
    ['Transfer-Encoding: identity', [['Transfer-Encoding', 'identity']]],
    ['Transfer-Encoding: gzip, chunked', [['Transfer-Encoding', 'gzip, chunked']]],
    [
      'chunked twice',
      [
        ['Transfer-Encoding', 'chunked'],
        ['Transfer-Encoding', 'chunked'],
      ],
    ],
    ['chunked with a parameter', [['Transfer-Encoding', 'chunked;q=1']]],
    ['chunked behind a vertical tab', [['Transfer-Encoding', '\vchunked']]],
    ['an empty Transfer-Encoding', [['Transfer-Encoding', '']]],
    ['a list of lengths', [['Content-Length', '5, 5']]],
    ['a signed length', [['Content-Length', '+5']]],
    ['a negative length', [['Content-Length', '-1']]],
    ['a hexadecimal length', [['Content-Length', '0x5']]],
    ['an empty length', [['Content-Length', '']]],
    ['a length beyond all numbers', [['Content-Length', '99999999999999999999']]],
    ['Connection naming Host', [['Connection', 'close, Host']]],
    ['Connection naming Authorization', [['Connection', 'authorization']]],
    ['Connection naming Content-Length', [['Connection', 'Content-Length']]],
    [
      'Connection naming Content-Type',
      [
        ['Connection', 'keep-alive'],
        ['Connection', 'content-type'],
      ],
    ],
    ['Connection naming Transfer-Encoding', [['Connection', 'Transfer-Encoding']]],
    ['Connection naming X-Connection-Code', [['Connection', 'X-Connection-Code']]],
    ['Connection naming an alias of X-Connection-Code', [['Connection', 'x_connection.code']]],
    ['a name with a space', [['X Y', '1']]],
    ['an empty name', [['', '1']]],
    ['a name with a colon', [['X:Y', '1']]],
    ['a line feed in a value', [['X-A', 'a\nHost: b']]],
    ['a zero byte in a value', [['X-A', 'a\0']]],
  ])('have %s', (_, lines) => {
    expect(read(lines)).toMatchObject({ status: 400 });
  });

  test.each([
    '',
    ' ',
    'a b',
    'a/b',
    'a@b',
    'user:pass@a',
    'a:',
    'a:b',
    'a:99999',
    'a:123456',
    'a:1:2',
    '[::1',
    '::1',
    '[::1]x',
    '[::g]',
    '[::1::2]',
    '[1.2.3.4]',
    '[]',
    '[::1%25eth0]',
    'a,b',
    'a?b',
    'a#b',
    'a%2eb',
    'a\\b',
    'http://a',
    'caf\xe9',
    'a;b',
    'a b:80',
    `${'a'.repeat(256)}`,
  ])('have %j as Host', (value) => {
    expect(readBare([['Host', value]])).toMatchObject({ status: 400 });
  });

  test('have no Host', () => {
    expect(readBare([])).toMatchObject({ status: 400 });
  });

  test('have Transfer-Encoding in HTTP/1.0', () => {
    expect(read([['Transfer-Encoding', 'chunked']], '1.0')).toMatchObject({ status: 400 });
  });
});

describe('headers of HTTP/2', () => {
  const pseudo: readonly Line[] = [
    [':method', 'GET'],
    [':path', '/'],
    [':scheme', 'https'],
    [':authority', 'gateway.example:8443'],
  ];

  test('take the host from :authority and leave pseudo headers out of the lines', () => {
    const headers = readBare([...pseudo, ['accept', '*/*']], '2.0');
    expect(headers).toMatchObject({ host: 'gateway.example:8443', lines: [{ name: 'accept', value: '*/*' }] });
  });

  test('may have a Host that agrees', () => {
    expect(readBare([...pseudo, ['host', 'Gateway.example:8443']], '2.0')).not.toBeInstanceOf(Refusal);
  });

  test('may have a Host alone, and TE: trailers', () => {
    expect(readBare([host, ['te', 'trailers']], '2.0')).not.toBeInstanceOf(Refusal);
  });

  test.each<[string, readonly Line[]]>([
    ['another Host', [...pseudo, ['host', 'other.example']]],
    ['two :authority', [...pseudo, [':authority', 'gateway.example:8443']]],
    ['an :authority with a user', [[':authority', 'user@gateway.example']]],
    ['Connection', [...pseudo, ['connection', 'close']]],
    ['Keep-Alive', [...pseudo, ['keep-alive', 'timeout=5']]],
    ['Proxy-Connection', [...pseudo, ['proxy-connection', 'close']]],
    ['Transfer-Encoding', [...pseudo, ['transfer-encoding', 'chunked']]],
    ['Upgrade', [...pseudo, ['upgrade', 'h2c']]],
    ['TE: gzip', [...pseudo, ['te', 'gzip']]],
  ])('are refused with %s', (_, lines) => {
    expect(readBare(lines, '2.0')).toMatchObject({ status: 400 });
  });
});

test('whatever the lines, what is read names one host and one end of the body', () => {
  const names = [
    'host',
    'Host',
    'authorization',
    'content-length',
    'Content-Length',
    'transfer-encoding',
    'connection',
    'x-original-uri',
    'x-a',
    ':authority',
  ];
  const values = ['a', 'a:80', '0', '5', 'chunked', 'close', 'authorization', '', 'a b', '/x'];
  const line = fc.tuple(
    fc.oneof(fc.constantFrom(...names), fc.string()),
    fc.oneof(fc.constantFrom(...values), fc.string()),
  );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 6 }),
      fc.constantFrom<HttpVersion>('1.0', '1.1', '2.0'),
      (lines, version) => {
        const headers = readBare(lines, version);
        if (headers instanceof Refusal) return;
        const named = (name: string): number => lines.filter(([key]) => key.toLowerCase() === name).length;
        expect(named('host')).toBeLessThanOrEqual(1);
        expect(named('authorization')).toBeLessThanOrEqual(1);
        expect(named('content-length') + named('transfer-encoding')).toBeLessThanOrEqual(1);
        expect(headers.chunked).toBe(named('transfer-encoding') === 1);
        expect(version === '1.1' || !headers.chunked).toBe(true);
        expect(headers.host).toMatch(/^[\w.[\]:-]+$/);
      },
    ),
    { numRuns: 5000 },
  );
});
