import { generateKeyPairSync } from 'node:crypto';
import { buildKeyRing, type KeyRing } from './key-ring.ts';
import { lowerAlphanumeric, makeRandomText, type RandomSource } from './random-source.ts';

/** What the key Secret holds: `verifier-<id>` (HMAC), `signing-<id>` (Ed25519) and `session-<id>` (refresh tokens). */
export type KeyKind = 'verifier' | 'signing' | 'session';
export const keyKinds: readonly KeyKind[] = ['verifier', 'signing', 'session'];

/** All keys by kind and id. Ids sort by age: the last one is used, all are accepted. */
export type Keys = Readonly<Record<KeyKind, ReadonlyMap<string, Uint8Array>>>;

const shortestKey: Readonly<Record<KeyKind, number>> = { verifier: 32, signing: 48, session: 32 };

/** The keys in the data (base64) of the key Secret; entries of another form or too short are left out. */
export function readKeys(data: Readonly<Record<string, string>> | undefined): Keys {
  const keys = { verifier: new Map(), signing: new Map(), session: new Map() } satisfies Record<
    KeyKind,
    Map<string, Uint8Array>
  >;
  for (const name of Object.keys(data ?? {}).sort()) {
    const [, kind, id] = /^(verifier|signing|session)-(.+)$/.exec(name) ?? [];
    const bytes = Buffer.from(data?.[name] ?? '', 'base64');
    if (kind && id && bytes.length >= shortestKey[kind as KeyKind]) keys[kind as KeyKind].set(id, bytes);
  }
  return keys;
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

/** When the key of this id was made, in milliseconds since the epoch; 0 for an id of another form. */
export function keyTimeOf(id: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)z-/.exec(id) ?? [];
  return y ? Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) : 0;
}

/** Time and chance: sorts by age, and two operators that make one in the same second make two. */
function makeKeyId(now: number, random: RandomSource): string {
  const time = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, 'z')
    .replaceAll(/[-:]/g, '')
    .toLowerCase();
  return `${time}-${makeRandomText(random, lowerAlphanumeric, 4)}`;
}

function makeSigningKey(): Buffer {
  const { privateKey } = generateKeyPairSync('ed25519');
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}
