import { digits, lowerAlphanumeric, makeRandomText, type RandomSource } from './random-source.ts';

/** The two names of a connection that never change while it exists. Neither is secret. */
export interface Identity {
  readonly clientId: string;
  readonly username: string;
}

/** A new client id `<code>_<24 characters>`; 124 random bits, so it needs no look-up to be unique. */
export function makeClientId(code: string, random: RandomSource): string {
  return `${code}_${makeRandomText(random, lowerAlphanumeric, 24)}`;
}

/**
 * A new username `<code>_<4 digits>` that `isTaken` does not know. `undefined` when a thousand tries found none: then
 * adopted usernames fill the range of this code.
 */
export function makeUsername(
  code: string,
  random: RandomSource,
  isTaken: (username: string) => boolean,
): string | undefined {
  for (let tries = 0; tries < 1000; tries++) {
    const username = `${code}_${makeRandomText(random, digits, 4)}`;
    if (!isTaken(username)) return username;
  }
  return undefined;
}

/** The code of a connection that was not given one: its name with every other character turned into `_`. */
export function codeOfName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
