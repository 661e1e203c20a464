import { describe, expect, test } from 'vitest';
import {
  alphanumeric,
  digits,
  lowerAlphanumeric,
  makeRandomText,
  systemRandom,
} from '../../../src/credentials/random-source.ts';

describe('random text', () => {
  test.each([
    ['digits', digits, 10],
    ['lower case', lowerAlphanumeric, 36],
    ['letters and digits', alphanumeric, 62],
  ])('%s: each character of the alphabet is as likely as any other', (_, alphabet, size) => {
    expect(new Set(alphabet).size).toBe(size);
    const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
    const fair = 256 - (256 % size);
    const text = makeRandomText(() => everyByte, alphabet, fair);
    for (const character of alphabet) expect(text.split(character)).toHaveLength(fair / size + 1);
  });

  test('bytes that would favour some characters are thrown away', () => {
    const bytes = [255, 250, 3, 4];
    expect(makeRandomText((length) => Uint8Array.from(bytes.splice(0, length)), digits, 2)).toBe('34');
  });

  test('asks again when too many bytes were thrown away', () => {
    let calls = 0;
    const source = (length: number): Uint8Array => new Uint8Array(length).fill(calls++ === 0 ? 255 : 7);
    expect(makeRandomText(source, digits, 5)).toBe('77777');
    expect(calls).toBe(2);
  });

  test('the system gives as many bytes as it is asked for, and others each time', () => {
    expect(systemRandom(32)).toHaveLength(32);
    expect(Buffer.from(systemRandom(32)).equals(Buffer.from(systemRandom(32)))).toBe(false);
  });
});
