import { createSecretKey, type KeyObject } from 'node:crypto';
import { compareKeyIds } from './key-id.ts';

/** The HMAC keys under which verifiers and marks are made: the newest is used, all are accepted. */
export interface KeyRing {
  /** Id of the key that new verifiers are made with. */
  readonly newest: string;
  /** The key of that id; `undefined` when it is not (or no longer) there, which says nothing about any value. */
  get(id: string): KeyObject | undefined;
  /** All ids, oldest first. */
  readonly ids: readonly string[];
}

/** A ring of these keys by id; there must be at least one. */
export function buildKeyRing(keys: ReadonlyMap<string, Uint8Array>): KeyRing {
  const ids = [...keys.keys()].sort(compareKeyIds);
  const newest = ids.at(-1);
  if (newest === undefined) throw new Error('a key ring needs at least one key');
  const objects = new Map([...keys].map(([id, bytes]) => [id, createSecretKey(bytes)]));
  return { newest, ids, get: (id) => objects.get(id) };
}
