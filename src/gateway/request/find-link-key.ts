import type { LinkKey } from './find-link-place.ts';

const keys: readonly Exclude<LinkKey, 'other'>[] = ['_links', 'href', 'values', 'data', '_embedded', 'items'];

/** Bytes of the longest key that matters. */
export const longestLinkKey: number = Math.max(...keys.map(({ length }) => length));

/**
 * By first byte of a key: 1 where one that matters begins so, plain or escaped. `items` is left out: it matters in one
 * place only, where every key is read.
 */
export const linkKeyStarts: Uint8Array = new Uint8Array(256);
for (const byte of Buffer.from('_hvd\\')) linkKeyStarts[byte] = 1;

/** By last byte of a key as it is spelled: 1 where one that matters may end so, plain or with an escape. */
export const linkKeyEnds: Uint8Array = new Uint8Array(256);
for (const byte of Buffer.from('0123456789abcdefABCDEF')) linkKeyEnds[byte] = 1;
for (const key of keys) linkKeyEnds[key.charCodeAt(key.length - 1)] = 1;

/** By length. */
const candidates: readonly (readonly { readonly key: LinkKey; readonly bytes: Buffer }[])[] = Array.from(
  { length: longestLinkKey + 1 },
  (_, length) => keys.filter((key) => key.length === length).map((key) => ({ key, bytes: Buffer.from(key) })),
);

/** Which key the bytes from `from` to before `end` are. */
export function findLinkKey(chunk: Buffer, from: number, end: number): LinkKey {
  for (const { key, bytes } of candidates[end - from] ?? []) {
    let at = 0;
    while (at < bytes.length && chunk[from + at] === bytes[at]) at++;
    if (at === bytes.length) return key;
  }
  return 'other';
}

/** Which key this text is. */
export function readLinkKey(text: string): LinkKey {
  return keys.find((key) => key === text) ?? 'other';
}
