import { describe, expect, test } from 'vitest';
import {
  noTrustedProxies,
  parseTrustedProxies,
  type TrustedProxies,
} from '../../../../src/gateway/request/parse-trusted-proxies.ts';
import { readAddress, readClientAddress } from '../../../../src/gateway/request/read-client-address.ts';
import { headersOf } from './request-of.ts';

function trust(...entries: string[]): TrustedProxies {
  const trusted = parseTrustedProxies(entries);
  if (typeof trusted !== 'function') throw new Error(`${trusted.invalid} is no address`);
  return trusted;
}

function client(peer: string, forwarded: readonly string[], trusted: TrustedProxies): string {
  return readClientAddress(
    peer,
    headersOf(forwarded.map((value) => ['X-Forwarded-For', value] as const)).lines,
    trusted,
  );
}

describe('the address of a client', () => {
  const proxies = trust('10.0.0.0/8', '2001:db8::/32', '127.0.0.1');

  test.each<[string, string, string[], string]>([
    ["is the peer's own when nobody is trusted with more", '192.0.2.1', ['203.0.113.9'], '192.0.2.1'],
    ["is the trusted peer's own when it reports none", '10.0.0.1', [], '10.0.0.1'],
    ['is what a trusted peer reports', '10.0.0.1', ['203.0.113.9'], '203.0.113.9'],
    ['is the right-most that is no proxy', '10.0.0.1', ['198.51.100.1, 203.0.113.9, 10.1.1.1'], '203.0.113.9'],
    ['is found over several lines', '10.0.0.1', ['198.51.100.1', '203.0.113.9', '10.1.1.1'], '203.0.113.9'],
    ['is the left-most when all are proxies', '10.0.0.1', ['10.9.9.9, 10.1.1.1'], '10.9.9.9'],
    ['is not looked for behind what is no address', '10.0.0.1', ['203.0.113.9, unknown, 10.1.1.1'], '10.1.1.1'],
    ['is the peer when the report is empty', '10.0.0.1', [''], '10.0.0.1'],
    ['is read without its port', '10.0.0.1', ['203.0.113.9:4711'], '203.0.113.9'],
    ['is read without brackets', '10.0.0.1', ['[2001:DB9::1]:4711'], '2001:db9::1'],
    ['is an IPv6 address behind an IPv6 proxy', '2001:db8::5', ['2a00::1'], '2a00::1'],
    ['is IPv4 where the socket says it in IPv6', '::ffff:192.0.2.1', [], '192.0.2.1'],
    ['is found behind a proxy that the socket says in IPv6', '::ffff:10.0.0.1', ['203.0.113.9'], '203.0.113.9'],
  ])('%s', (_, peer, forwarded, expected) => {
    expect(client(peer, forwarded, proxies)).toBe(expected);
  });

  test('is not what an alias of the header says', () => {
    const { lines } = headersOf([['X_Forwarded_For', '203.0.113.9']]);
    expect(readClientAddress('10.0.0.1', lines, proxies)).toBe('10.0.0.1');
  });
});

describe('trustedProxies', () => {
  test('may be empty: nobody is believed', () => {
    expect(parseTrustedProxies([])).toBe(noTrustedProxies);
    expect(noTrustedProxies('127.0.0.1')).toBe(false);
  });

  test.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['0.0.0.0/0', '203.0.113.1', true],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', 'fe80::1', false],
    ['::1/128', '::1', true],
  ])('%s has %s: %s', (range, address, expected) => {
    expect(trust(range)(address)).toBe(expected);
  });

  test.each(['', 'localhost', '10.0.0.0/33', '10.0.0/8', '::/129', '10.0.0.0/', '10.0.0.0/8 ', 'fe80::1%eth0'])(
    'may not hold %j',
    (entry) => {
      expect(parseTrustedProxies(['10.0.0.0/8', entry])).toEqual({ invalid: entry });
    },
  );

  test('tells nothing about what is no address', () => {
    expect(trust('0.0.0.0/0')('unix')).toBe(false);
  });
});

test.each<[string, string | undefined]>([
  ['1.2.3.4', '1.2.3.4'],
  ['1.2.3.4:80', '1.2.3.4'],
  ['::1', '::1'],
  ['[::1]', '::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['1.2.3', undefined],
  ['', undefined],
  ['_hidden', undefined],
  ['1.2.3.4:', undefined],
])('%j is read as %s', (text, expected) => {
  expect(readAddress(text)).toBe(expected);
});
