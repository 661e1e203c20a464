import { describe, expect, test } from 'vitest';
import { codeOf } from '../../../src/credentials/code.ts';
import { codeOfName, makeClientId, makeUsername } from '../../../src/credentials/identity.ts';
import { systemRandom } from '../../../src/credentials/random-source.ts';
import { at, buildConnection, buildVerifier, issued } from './build-connection.ts';

describe('the names of a connection', () => {
  test('a client id is the code and 24 of 0-9a-z', () => {
    expect(makeClientId('Erp_1', systemRandom)).toMatch(/^Erp_1_[0-9a-z]{24}$/);
  });

  test('a username is the code and 4 digits', () => {
    expect(makeUsername('erp', systemRandom, () => false)).toMatch(/^erp_[0-9]{4}$/);
  });

  test('a username is one that nobody has', () => {
    const free = 'erp_0042';
    const taken = new Set(Array.from({ length: 10_000 }, (_, i) => `erp_${String(i).padStart(4, '0')}`));
    taken.delete(free);
    let next = 0;
    const source = (bytes: number): Uint8Array => {
      const text = String(next++).padStart(4, '0');
      return Uint8Array.from({ length: bytes }, (_, i) => Number(text[i] ?? 0));
    };
    expect(makeUsername('erp', source, (name) => taken.has(name))).toBe(free);
  });

  test('there is none when all seem to be taken', () => {
    expect(makeUsername('erp', systemRandom, () => true)).toBeUndefined();
  });

  test('the longest code leaves both names within 128 characters', () => {
    const code = 'x'.repeat(100);
    expect(makeClientId(code, systemRandom).length).toBeLessThanOrEqual(128);
    expect(makeUsername(code, systemRandom, () => false)?.length).toBeLessThanOrEqual(128);
  });
});

describe('the code', () => {
  test.each([
    ['erp', 'erp'],
    ['shop-erp.eu', 'shop_erp_eu'],
    ['a--b', 'a__b'],
    ['0-9', '0_9'],
  ])('of a name %s is %s', (name, code) => {
    expect(codeOfName(name)).toBe(code);
  });

  test('is what the spec says, else made from the name', () => {
    const metadata = { name: 'shop-erp' };
    expect(codeOf(buildConnection({ metadata }))).toBe('shop_erp');
    expect(codeOf(buildConnection({ metadata, spec: { code: 'Erp' } }))).toBe('Erp');
  });

  test('is what it was issued under, whatever the spec says later', () => {
    const status = issued([buildVerifier('1-aaaaaa')], undefined, { code: 'first' });
    expect(codeOf(buildConnection({ spec: { code: 'second' }, status }))).toBe('first');
  });

  test('of another object in a restored status means nothing', () => {
    const status = { code: 'other', credentials: { uid: 'uid-0', issuedAt: at(0) } };
    expect(codeOf(buildConnection({ status }))).toBe('erp');
    expect(codeOf(buildConnection({ status: { code: 'other' } }))).toBe('erp');
  });
});
