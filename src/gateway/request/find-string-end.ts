const quote = 0x22;
const backslash = 0x5c;
/** Bytes that mean something inside strings have a 1. */
const special = new Uint8Array(256);
special[quote] = special[backslash] = 1;

/**
 * Where the string ends that goes on at `from`. `to`: not before it; one more than that: nor does the escape that began
 * before it.
 */
export function findStringEnd(chunk: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = chunk[at] ?? 0;
    if (special[byte] === 0) at++;
    else if (byte === quote) return at;
    else at += 2;
  }
  return at;
}

/** Where a string ends that has neither an escape nor its quote behind `last`; `undefined` for any other. */
export function findPlainEnd(chunk: Buffer, from: number, last: number): number | undefined {
  for (let at = from; at <= last; at++) {
    const byte = chunk[at];
    if (byte === quote) return at;
    if (byte === backslash) return undefined;
  }
  return undefined;
}
