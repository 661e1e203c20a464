import type { Secret } from '../../../../src/api/secret.ts';
import { type KeyKind, keyKinds, makeKey } from '../../../../src/credentials/key-secret.ts';
import { systemRandom } from '../../../../src/credentials/random-source.ts';
import { buildGatewayKeys, type CompleteKeys, isComplete } from '../../../../src/gateway/keys/gateway-keys.ts';

/** The data of a key Secret with one new key of each of these kinds. */
export function makeKeyData(kinds: readonly KeyKind[] = keyKinds, now: number = Date.now()): Record<string, string> {
  return Object.fromEntries(kinds.map((kind) => makeKey(kind, now, systemRandom)));
}

/** A key Secret with this data. */
export function buildKeySecret(data: Readonly<Record<string, string>>): Secret {
  const metadata = {
    name: 'connection-keys',
    namespace: 'connection-system',
    uid: 'b3f8a6cc-6a0e-4d2c-9a56-64b6ed8c7dd0',
    resourceVersion: '1',
    creationTimestamp: '2026-01-31T08:00:00Z',
  };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data };
}

/** Keys of every kind. */
export function makeKeys(now?: number): CompleteKeys {
  const keys = buildGatewayKeys(makeKeyData(undefined, now));
  if (!isComplete(keys)) throw new Error('a kind of key is missing');
  return keys;
}
