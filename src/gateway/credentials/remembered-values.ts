import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { equalHashes } from '../../credentials/hash-value.ts';

/** Which hash a value was right for. A hash holds its own salt, so it is never that of another value. */
export interface RememberedPlace {
  readonly uid: string;
  readonly part: string;
  readonly hash: string;
}

/** The values that were right last time, one for each hash: they need no bcrypt again. */
export interface RememberedValues {
  has(place: RememberedPlace, value: string): boolean;
  add(place: RememberedPlace, value: string): void;
}

/** Both values of 10,000 connections, with room for overlaps. A value that was pushed out costs one bcrypt. */
const mostRemembered = 40_000;

/** What is held is a MAC under a key of this process, not a value, nor anything that could be guessed elsewhere. */
export function buildRememberedValues(): RememberedValues {
  const key = randomBytes(32);
  const macs = new LRUCache<string, string>({ max: mostRemembered });
  const slotOf = ({ uid, part, hash }: RememberedPlace): string => `${uid} ${part} ${hash}`;
  const macOf = (slot: string, value: string): string =>
    createHmac('sha256', key).update(`${slot} ${value}`).digest('base64');
  return {
    has: (place, value) => {
      const known = macs.get(slotOf(place));
      return known !== undefined && equalHashes(known, macOf(slotOf(place), value));
    },
    add: (place, value) => {
      macs.set(slotOf(place), macOf(slotOf(place), value));
    },
  };
}
