import { lowerAlphanumeric, makeRandomText, type RandomSource } from './random-source.ts';

/**
 * The version after `previous` (absent: the first): a count that people can follow and 6 random characters, so that a
 * count that was lost with a status never names two different values. Tokens are bound to it.
 */
export function makeVersion(previous: string | undefined, random: RandomSource): string {
  return `${countOf(previous) + 1}-${makeRandomText(random, lowerAlphanumeric, 6)}`;
}

/** Another version with the same count: it takes the place of one that may or may not have named a value. */
export function renewVersion(version: string, random: RandomSource): string {
  return `${countOf(version)}-${makeRandomText(random, lowerAlphanumeric, 6)}`;
}

/** The count in a version; 0 for none or for text of another form. */
export function countOf(version: string | undefined): number {
  const count = Number(version?.split('-', 1)[0]);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}
