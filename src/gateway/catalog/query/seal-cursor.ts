import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** 256-bit keys, newest first: the first seals, all open. Empty: no cursor can be made. */
export type CursorKeys = () => readonly Uint8Array[];

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** Longer cursors are none of ours. */
const longest = 2048;

/**
 * Seals the upstream's cursor, which may hold the name of a product, so that it says nothing and is good for one
 * binding alone.
 *
 * @param binding who may use it and on which query; any text
 */
export function sealCursor(cursor: string, binding: string, [key]: readonly Uint8Array[]): string | undefined {
  if (key === undefined) return undefined;
  const nonce = randomBytes(nonceBytes);
  const sealer = createCipheriv(cipher, key, nonce).setAAD(hash(binding));
  const sealed = Buffer.concat([sealer.update(cursor, 'utf8'), sealer.final()]);
  return Buffer.concat([nonce, sealed, sealer.getAuthTag()]).toString('base64url');
}

/** The upstream's cursor; `undefined` for one that was not sealed for this binding. */
export function openCursor(sealed: string, binding: string, keys: readonly Uint8Array[]): string | undefined {
  if (sealed.length > longest || !/^[A-Za-z0-9_-]+$/.test(sealed)) return undefined;
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  for (const key of keys) {
    const opened = tryKey(bytes, hash(binding), key);
    if (opened !== undefined) return opened;
  }
  return undefined;
}

function tryKey(bytes: Buffer, aad: Buffer, key: Uint8Array): string | undefined {
  const opener = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  opener.setAAD(aad).setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([opener.update(bytes.subarray(nonceBytes, -tagBytes)), opener.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function hash(binding: string): Buffer {
  return createHash('sha256').update(binding).digest();
}
