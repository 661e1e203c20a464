import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parts } from '../../../src/api/names.ts';
import { hasGeneratedForm, makeValue } from '../../../src/credentials/generated-value.ts';
import { type RandomSource, systemRandom } from '../../../src/credentials/random-source.ts';

const prefixes = { clientSecret: 'csec_', password: 'cpwd_' } as const;

describe.each(parts)('a generated %s', (part) => {
  test('has its prefix, 43 letters and digits, and 6 characters of checksum', () => {
    expect(makeValue(part, systemRandom)).toMatch(new RegExp(`^${prefixes[part]}[0-9A-Za-z]{49}$`));
  });

  test('ends in the CRC-32 of all before it, in base 62, so that anybody can recognise it', () => {
    const value = makeValue(part, systemRandom);
    const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const sum = [...value.slice(-6)].reduce((total, character) => total * 62 + digits.indexOf(character), 0);
    expect(sum).toBe(crc32(value.slice(0, -6)));
  });

  test('has the same checksum in every release', () => {
    const zeros: RandomSource = (bytes) => new Uint8Array(bytes);
    expect(makeValue(part, zeros)).toBe(
      part === 'clientSecret'
        ? `csec_${'0'.repeat(43)}${checksums.clientSecret}`
        : `cpwd_${'0'.repeat(43)}${checksums.password}`,
    );
  });

  test('is recognised, and never as the other part', () => {
    const other = part === 'password' ? 'clientSecret' : 'password';
    for (let i = 0; i < 100; i++) {
      const value = makeValue(part, systemRandom);
      expect(hasGeneratedForm(part, value)).toBe(true);
      expect(hasGeneratedForm(other, value)).toBe(false);
    }
  });

  test('with one character changed, added or taken away is not', () => {
    const value = makeValue(part, systemRandom);
    const edits = fc.record({ at: fc.nat(value.length - 1), to: fc.constantFrom(...'0aZ_ \n') });
    fc.assert(
      fc.property(edits, ({ at, to }) => {
        const changed = value.slice(0, at) + to + value.slice(at + 1);
        expect(hasGeneratedForm(part, changed)).toBe(changed === value);
        expect(hasGeneratedForm(part, value.slice(0, at) + to + value.slice(at))).toBe(false);
        expect(hasGeneratedForm(part, value.slice(0, at) + value.slice(at + 1))).toBe(false);
      }),
    );
  });

  test.each(['', 'hunter2', prefixes[part], `${prefixes[part]}${'é'.repeat(49)}`])('%j is none', (text) => {
    expect(hasGeneratedForm(part, text)).toBe(false);
  });

  test('takes all of its 43 characters from the random source: at least 256 bits', () => {
    const seen = new Set<string>();
    for (let place = 0; place < 43; place++) {
      // A source whose byte at this place differs: so does the value.
      const source: RandomSource = (bytes) => Uint8Array.from({ length: bytes }, (_, i) => (i === place ? 1 : 0));
      seen.add(makeValue(part, source));
    }
    expect(seen.size).toBe(43);
    expect(43 * Math.log2(62)).toBeGreaterThan(256);
  });
});

const checksums = { clientSecret: '4ep2j7', password: '4mEajU' } as const;
