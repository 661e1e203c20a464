import { describe, expect, test } from 'vitest';
import { parsePublicUrl, readPublicAddress } from '../../../../src/gateway/request/read-public-address.ts';
import { headersOf } from './request-of.ts';

const everybody = (): boolean => true;
const nobody = (): boolean => false;
const plain = { peer: '10.0.0.1', tls: false };

describe('the public address', () => {
  test('is Host with the protocol of the connection', () => {
    const headers = headersOf([['Host', 'gateway:8080']]);
    expect(readPublicAddress(headers, plain, nobody, undefined)).toEqual({
      base: 'http://gateway:8080',
      host: 'gateway:8080',
      protocol: 'http',
    });
    expect(readPublicAddress(headers, { ...plain, tls: true }, nobody, undefined).base).toBe('https://gateway:8080');
  });

  const forwarded = [
    ['Host', 'gateway'],
    ['X-Forwarded-Host', 'api.example.com'],
    ['X-Forwarded-Proto', 'HTTPS'],
  ] as const;

  test('is what a trusted peer reports', () => {
    expect(readPublicAddress(headersOf(forwarded), plain, everybody, undefined).base).toBe('https://api.example.com');
  });

  test('is not what another peer reports', () => {
    expect(readPublicAddress(headersOf(forwarded), plain, nobody, undefined).base).toBe('http://gateway');
  });

  test('is the right-most of several reports', () => {
    const headers = headersOf([
      ['X-Forwarded-Host', 'evil.example, api.example.com'],
      ['X-Forwarded-Proto', 'http, https'],
    ]);
    expect(readPublicAddress(headers, plain, everybody, undefined).base).toBe('https://api.example.com');
  });

  test.each(['a b', 'a/b', 'user@a', '', 'a\\b'])('is not %j, however trusted', (host) => {
    const headers = headersOf([
      ['Host', 'gateway'],
      ['X-Forwarded-Host', host],
      ['X-Forwarded-Proto', 'javascript'],
    ]);
    expect(readPublicAddress(headers, plain, everybody, undefined).base).toBe('http://gateway');
  });

  test('is publicUrl, whatever anybody says', () => {
    const publicUrl = parsePublicUrl('https://api.example.com/pim/');
    expect(readPublicAddress(headersOf(forwarded), plain, everybody, publicUrl)).toEqual({
      base: 'https://api.example.com/pim',
      host: 'api.example.com',
      protocol: 'https',
    });
  });
});

test.each(['', 'api.example.com', 'ftp://a', 'https://user@a', 'https://a?b', 'https://a#b', 'javascript:x'])(
  '%j is no publicUrl',
  (text) => {
    expect(parsePublicUrl(text)).toBeUndefined();
  },
);
