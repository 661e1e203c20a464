import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { buildKeyRing, type KeyRing } from '../../credentials/key-ring.ts';
import { readKeys } from '../../credentials/key-secret.ts';

/** One Ed25519 key for access tokens. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** One 256-bit key for refresh tokens. */
export interface SessionKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** What the key Secret holds, ready for use. The newest of each kind makes, all are accepted. */
export interface GatewayKeys {
  readonly ring: KeyRing;
  readonly newestSigning: SigningKey;
  readonly newestSession: SessionKey;
  findSigning(id: string): SigningKey | undefined;
  /** Oldest first. */
  readonly signing: readonly SigningKey[];
  readonly sessions: readonly SessionKey[];
}

/** The keys in the data of the key Secret; `undefined` while one kind is missing or cannot be read. */
export function buildGatewayKeys(data: Readonly<Record<string, string>> | undefined): GatewayKeys | undefined {
  const { verifier, signing, session } = readKeys(data);
  const signingKeys = [...signing].flatMap(([id, pem]) => readSigningKey(id, pem) ?? []);
  const sessions = [...session].filter(([, key]) => key.length === 32).map(([id, key]) => ({ id, key }));
  const [newestSigning, newestSession] = [signingKeys.at(-1), sessions.at(-1)];
  if (verifier.size === 0 || !newestSigning || !newestSession) return undefined;
  const byId = new Map(signingKeys.map((key) => [key.id, key]));
  return {
    ring: buildKeyRing(verifier),
    newestSigning,
    newestSession,
    findSigning: (id) => byId.get(id),
    signing: signingKeys,
    sessions,
  };
}

function readSigningKey(id: string, pem: Uint8Array): SigningKey | undefined {
  try {
    const privateKey = createPrivateKey(Buffer.from(pem));
    if (privateKey.asymmetricKeyType !== 'ed25519') return undefined;
    return { id, privateKey, publicKey: createPublicKey(privateKey) };
  } catch {
    return undefined;
  }
}
