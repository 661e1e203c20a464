import { generateKeyPairSync } from 'node:crypto';
import { compareKeyIds, makeKeyId } from './key-id.ts';
import { buildKeyRing, type KeyRing } from './key-ring.ts';
import type { RandomSource } from './random-source.ts';

/** What the key Secret holds: `verifier-<id>` (HMAC), `signing-<id>` (Ed25519) and `session-<id>` (refresh tokens). */
export type KeyKind = 'verifier' | 'signing' | 'session';
export const keyKinds: readonly KeyKind[] = ['verifier', 'signing', 'session'];

/** All keys by kind and id, oldest first: the last one is used, all are accepted. */
export type Keys = Readonly<Record<KeyKind, ReadonlyMap<string, Uint8Array>>>;

const shortestKey: Readonly<Record<KeyKind, number>> = { verifier: 32, signing: 48, session: 32 };

/** The keys in the data (base64) of the key Secret; entries of another form or too short are left out. */
export function readKeys(data: Readonly<Record<string, string>> | undefined): Keys {
  const readKind = (kind: KeyKind): ReadonlyMap<string, Uint8Array> => {
    const found = Object.entries(data ?? {}).flatMap(([name, text]) => {
      const bytes = Buffer.from(text, 'base64');
      const isKey = name.startsWith(`${kind}-`) && bytes.length >= shortestKey[kind];
      return isKey ? [[name.slice(kind.length + 1), bytes] as const] : [];
    });
    return new Map(found.filter(([id]) => id !== '').sort(([a], [b]) => compareKeyIds(a, b)));
  };
  return { verifier: readKind('verifier'), signing: readKind('signing'), session: readKind('session') };
}

/** The ring of verifier keys; `undefined` when there is none. */
export function readKeyRing(data: Readonly<Record<string, string>> | undefined): KeyRing | undefined {
  const { verifier } = readKeys(data);
  return verifier.size > 0 ? buildKeyRing(verifier) : undefined;
}

/** A new entry for the key Secret: its name, and its bytes in base64. Signing keys are PKCS #8 in PEM. */
export function makeKey(kind: KeyKind, now: number, random: RandomSource): readonly [name: string, data: string] {
  const bytes = kind === 'signing' ? makeSigningKey() : random(32);
  return [`${kind}-${makeKeyId(now, random)}`, Buffer.from(bytes).toString('base64')];
}

function makeSigningKey(): Buffer {
  const { privateKey } = generateKeyPairSync('ed25519');
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}
