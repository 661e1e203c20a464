import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { buildKeyRing, type KeyRing } from '../../credentials/key-ring.ts';
import { readKeys } from '../../credentials/key-secret.ts';

/** One Ed25519 key for access tokens. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Hash of the public key: tells two keys apart that came under the same id. */
  readonly fingerprint: string;
}

/** One 256-bit key for refresh tokens. */
export interface SessionKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/**
 * What the key Secret holds, ready for use. The newest of each kind makes, all are accepted. Each kind stands for
 * itself: while one is missing, what the others are for goes on.
 */
export interface GatewayKeys {
  /** Absent: no presented value can be checked. */
  readonly ring?: KeyRing;
  /** Absent: no access token can be made. */
  readonly newestSigning?: SigningKey;
  /** Absent: no refresh token can be made. */
  readonly newestSession?: SessionKey;
  findSigning(id: string): SigningKey | undefined;
  /** Oldest first. */
  readonly signing: readonly SigningKey[];
  /** Oldest first. */
  readonly sessions: readonly SessionKey[];
}

/** Keys of every kind: tokens can be handed out. */
export type CompleteKeys = GatewayKeys & Required<Pick<GatewayKeys, 'ring' | 'newestSigning' | 'newestSession'>>;

/** Whether there are keys of every kind. */
export function isComplete(keys: GatewayKeys | undefined): keys is CompleteKeys {
  return keys?.ring !== undefined && keys.newestSigning !== undefined && keys.newestSession !== undefined;
}

/** The keys in the data of the key Secret; what cannot be read is left out. `undefined` without a key Secret. */
export function buildGatewayKeys(data: Readonly<Record<string, string>> | undefined): GatewayKeys | undefined {
  if (data === undefined) return undefined;
  const { verifier, signing: pems, session } = readKeys(data);
  const signing = [...pems].flatMap(([id, pem]) => readSigningKey(id, pem) ?? []);
  const sessions = [...session].filter(([, key]) => key.length === 32).map(([id, key]) => ({ id, key }));
  const [newestSigning, newestSession] = [signing.at(-1), sessions.at(-1)];
  const byId = new Map(signing.map((key) => [key.id, key]));
  return {
    ...(verifier.size > 0 && { ring: buildKeyRing(verifier) }),
    ...(newestSigning && { newestSigning }),
    ...(newestSession && { newestSession }),
    findSigning: (id) => byId.get(id),
    signing,
    sessions,
  };
}

function readSigningKey(id: string, pem: Uint8Array): SigningKey | undefined {
  try {
    const privateKey = createPrivateKey(Buffer.from(pem));
    if (privateKey.asymmetricKeyType !== 'ed25519') return undefined;
    const publicKey = createPublicKey(privateKey);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    return { id, privateKey, publicKey, fingerprint: createHash('sha256').update(spki).digest('base64url') };
  } catch {
    return undefined;
  }
}
