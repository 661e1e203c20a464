import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildDroppedNames } from '../../../../src/gateway/request/build-dropped-names.ts';
import {
  buildUpstreamHeaders,
  type UpstreamHeaderSettings,
} from '../../../../src/gateway/request/build-upstream-headers.ts';
import { headersOf } from './request-of.ts';

type Line = readonly [string, string];

const settings: UpstreamHeaderSettings = {
  upstreamHost: 'pim.internal:8080',
  dropped: buildDroppedNames(['X-AkeneoMockDB', 'X-Api-Key']),
  clientAddress: '192.0.2.7',
  publicAddress: { base: 'https://api.example.com', host: 'api.example.com', protocol: 'https' },
  caller: { code: 'erp', role: 'user', group: 'all' },
  credentials: { name: 'Authorization', value: 'Bearer upstream' },
  readsReply: false,
};

function build(lines: readonly Line[], change: Partial<UpstreamHeaderSettings> = {}): Line[] {
  const flat = buildUpstreamHeaders(headersOf(lines), { ...settings, ...change });
  return flat.flatMap((name, at): Line[] => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : []));
}

const ours: readonly Line[] = [
  ['host', 'pim.internal:8080'],
  ['authorization', 'Bearer upstream'],
  ['x-forwarded-for', '192.0.2.7'],
  ['x-forwarded-host', 'api.example.com'],
  ['x-forwarded-proto', 'https'],
  ['x-connection-code', 'erp'],
  ['x-connection-role', 'user'],
  ['x-connection-group', 'all'],
];

test('the upstream gets its own host, its own credentials, and who calls', () => {
  expect(build([])).toEqual(ours);
});

test('an open endpoint gets neither credentials nor a caller', () => {
  const { caller, credentials, ...open } = settings;
  const flat = buildUpstreamHeaders(
    headersOf([
      ['Authorization', 'Bearer x'],
      ['X-Connection-Code', 'erp'],
    ]),
    open,
  );
  expect(flat.filter((_, at) => at % 2 === 0)).toEqual([
    'host',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
  ]);
});

test('what a client says about the content goes through as it was sent, repetitions too', () => {
  const lines: readonly Line[] = [
    ['content-type', 'application/vnd.akeneo.collection+json'],
    ['content-length', '12'],
    ['accept', '*/*; q=0.2'],
    ['user-agent', 'akeneo-php'],
    ['x-own', 'a'],
    ['x-own', 'b'],
    ['accept-encoding', 'gzip'],
    ['if-none-match', '"1"'],
  ];
  expect(build(lines)).toEqual([ours[0], ...lines, ...ours.slice(1)]);
});

describe('a header is dropped', () => {
  const dropped = [
    ...['Authorization', 'Cookie', 'Expect', 'Forwarded', 'Proxy', 'Via', 'X-Real-IP', 'X-Rewrite-URL'],
    ...[
      'Connection',
      'Keep-Alive',
      'Proxy-Authorization',
      'Proxy-Connection',
      'Trailer',
      'Transfer-Encoding',
      'Upgrade',
      'HTTP2-Settings',
    ],
    ...[
      'X-Forwarded-For',
      'X-Forwarded-Host',
      'X-Forwarded-Prefix',
      'X-Original-URL',
      'X-Original-URI',
      'X-Original-Anything',
    ],
    ...['X-Connection-Code', 'X-Connection-Role', 'X-Connection-Group', 'X-Connection-Whatever'],
    ...['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-AkeneoMockDB', 'X-Api-Key'],
  ];
  test.each(dropped)('when it is %s', (name) => {
    const value = name === 'Transfer-Encoding' ? 'chunked' : 'x';
    expect(build([[name, value]])).toEqual(ours);
    expect(build([[name.toUpperCase(), value]])).toEqual(ours);
  });

  test.each(dropped.filter((name) => name.includes('-') && name !== 'Transfer-Encoding'))(
    'when it is %s with other characters in place of the dash',
    (name) => {
      for (const other of ['_', '.', '~', '!', '*', "'"])
        expect(build([[name.replaceAll('-', other), 'x']])).toEqual(ours);
      expect(build([[name.replace('-', '_'), 'x']])).toEqual(ours);
    },
  );

  test.each(['Content_Type', 'content.type', 'CONTENT_LENGTH', 'Content_Encoding'])(
    'when %s imitates what the body was judged by',
    (name) => {
      expect(build([[name, 'application/x-www-form-urlencoded']])).toEqual(ours);
    },
  );

  test('when Connection names it', () => {
    expect(
      build([
        ['Connection', 'close, X-Private'],
        ['x-private', '1'],
        ['x-public', '2'],
      ]),
    ).toEqual([ours[0], ['x-public', '2'], ...ours.slice(1)]);
  });

  test.each<[string, boolean]>([
    ['trailers', true],
    ['Trailers', true],
    ['gzip', false],
    ['trailers, deflate', false],
  ])('TE: %s passes: %s', (value, passes) => {
    expect(build([['TE', value]]).some(([name]) => name === 'te')).toBe(passes);
  });
});

test('the Java client that asks for h2c gets neither Upgrade nor its settings through', () => {
  const lines: readonly Line[] = [
    ['Connection', 'Upgrade, HTTP2-Settings'],
    ['Upgrade', 'h2c'],
    ['HTTP2-Settings', 'AAEAAEAAAAIAAAAB'],
  ];
  expect(build(lines)).toEqual(ours);
});

test('a reply that has to be read is asked for whole and uncompressed', () => {
  const lines = build(
    [
      ['Accept-Encoding', 'gzip, br'],
      ['Range', 'bytes=0-9'],
      ['If-Range', '"1"'],
    ],
    { readsReply: true },
  );
  expect(lines).toEqual([ours[0], ['accept-encoding', 'identity'], ...ours.slice(1)]);
});

test('credentials in another header replace what a client sends there', () => {
  const lines = build(
    [
      ['X-API-KEY', 'stolen'],
      ['x_api_key', 'stolen'],
    ],
    { credentials: { name: 'X-Api-Key', value: 'ours' } },
  );
  expect(lines.filter(([name]) => /api.key/.test(name))).toEqual([['x-api-key', 'ours']]);
});

test('what we say is printable ASCII', () => {
  const lines = build([], { caller: { code: 'a\r\nX-Evil: 1', role: 'é', group: 'g' } });
  expect(lines).toContainEqual(['x-connection-code', 'a??X-Evil: 1']);
  expect(lines).toContainEqual(['x-connection-role', '?']);
});

test('no header of a client arrives under a name that CGI would take for one of ours', () => {
  const separators = fc.constantFrom('-', '_', '.', '!', '~', '|');
  const words = fc.constantFrom(
    'x',
    'connection',
    'code',
    'forwarded',
    'for',
    'host',
    'original',
    'url',
    'authorization',
    'Cookie',
    'X',
    'Real',
    'ip',
    'role',
  );
  const name = fc
    .tuple(words, fc.array(fc.tuple(separators, words), { maxLength: 4 }))
    .map(([first, rest]) => first + rest.flat().join(''))
    .filter((built) => built.toLowerCase() !== 'host' && built.toLowerCase() !== 'connection');
  const cgi = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  const reserved = /^(?:HOST|AUTHORIZATION|COOKIE|X_REAL_IP|X_(?:CONNECTION|FORWARDED|ORIGINAL)_.*)$/;
  fc.assert(
    fc.property(fc.uniqueArray(name, { selector: (built) => built.toLowerCase() }), (names) => {
      const lines = build(names.map((built): Line => [built, 'client']));
      for (const [sent, value] of lines) if (value === 'client') expect(cgi(sent)).not.toMatch(reserved);
    }),
  );
});
