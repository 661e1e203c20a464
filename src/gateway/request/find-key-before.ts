import { findLinkKey, linkKeyEnds, longestLinkKey } from './find-link-key.ts';
import type { LinkKey } from './find-link-place.ts';

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/**
 * The key of the container whose bracket is at `to`, read backwards: a string without escapes and a colon. `undefined`
 * when anything else stands there. No string may begin before `from`.
 */
export function findKeyBefore(chunk: Buffer, from: number, to: number): LinkKey | undefined {
  let at = skipSpaces(chunk, from, to - 1);
  if (at < from || chunk[at] !== colon) return undefined;
  at = skipSpaces(chunk, from, at - 1);
  if (at <= from || chunk[at] !== quote) return undefined;
  const end = at;
  const last = chunk[--at] ?? 0;
  if (linkKeyEnds[last] === 0) return last === quote || last === backslash ? undefined : 'other';
  while (at > from && chunk[at] !== quote) {
    if (chunk[at] === backslash) return undefined;
    at--;
  }
  // A quote behind a backslash is inside of the string.
  if (at > from && chunk[at - 1] === backslash) return undefined;
  return end - at - 1 > longestLinkKey ? 'other' : findLinkKey(chunk, at + 1, end);
}

function skipSpaces(chunk: Buffer, from: number, last: number): number {
  let at = last;
  while (at >= from && isSpace(chunk[at] ?? 0)) at--;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
