import { randomBytes } from 'node:crypto';

/** Returns that many random bytes. An argument everywhere, so that tests can repeat what happened. */
export type RandomSource = (bytes: number) => Uint8Array;

/** The system's cryptographic random source. */
export const systemRandom: RandomSource = (bytes) => randomBytes(bytes);

/** `length` characters of `alphabet`, each equally likely (bytes that would favour some are thrown away). */
export function makeRandomText(random: RandomSource, alphabet: string, length: number): string {
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random(length - text.length + 8)) {
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

export const digits = '0123456789';
export const lowerAlphanumeric: string = `${digits}abcdefghijklmnopqrstuvwxyz`;
export const alphanumeric: string = `${lowerAlphanumeric}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
