import { lowerAlphanumeric, makeRandomText, type RandomSource } from './random-source.ts';

/** Time and chance: sorts by age, and two operators that make one in the same second make two. */
export function makeKeyId(now: number, random: RandomSource): string {
  const time = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, 'z')
    .replaceAll(/[-:]/g, '')
    .toLowerCase();
  return `${time}-${makeRandomText(random, lowerAlphanumeric, 4)}`;
}

/** When the key of this id was made, in milliseconds since the epoch; 0 for an id of another form. */
export function keyTimeOf(id: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)z-/.exec(id) ?? [];
  return y ? Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) : 0;
}

/** Negative when key `a` is the older one. Ids of another form, which people chose, are older than any of ours. */
export function compareKeyIds(a: string, b: string): number {
  return keyTimeOf(a) - keyTimeOf(b) || (a < b ? -1 : a === b ? 0 : 1);
}
