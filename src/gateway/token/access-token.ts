import { compactVerify, decodeProtectedHeader, SignJWT } from 'jose';
import type { CompleteKeys, GatewayKeys, SigningKey } from '../keys/gateway-keys.ts';
import { type AccessClaims, readAccessClaims } from './access-claims.ts';

const algorithm = 'EdDSA';
/** RFC 9068 section 2.1; compared exactly. */
const type = 'at+jwt';
/** Characters; ours have about 700. What is longer is not looked at. */
export const longestToken = 4096;
/**
 * Three parts in base64url, the last one as 64 bytes are spelled and in no other way: of one token there is one text, so
 * nobody fills a cache with spellings.
 */
const form = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]$/;

/** Signs an access token with the newest key. */
export function makeAccessToken(keys: CompleteKeys, claims: AccessClaims): Promise<string> {
  const { id, privateKey } = keys.newestSigning;
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: algorithm, typ: type, kid: id }).sign(privateKey);
}

/** Claims of a token and the key that signed it. */
export interface SignedClaims {
  readonly claims: AccessClaims;
  readonly key: SigningKey;
}

/**
 * The claims of a token that one of our keys signed; `undefined` for anything else. Of its header nothing is believed:
 * algorithm and type must be ours, the key is looked up by its id. Time and audience are not looked at here.
 */
export async function readAccessToken(keys: GatewayKeys, token: string): Promise<SignedClaims | undefined> {
  if (token.length > longestToken || !form.test(token)) return undefined;
  try {
    const header = decodeProtectedHeader(token);
    const key = typeof header.kid === 'string' ? keys.findSigning(header.kid) : undefined;
    if (!key || header.typ !== type) return undefined;
    const { payload } = await compactVerify(token, key.publicKey, { algorithms: [algorithm] });
    const claims = readAccessClaims(JSON.parse(Buffer.from(payload).toString('utf8')));
    return claims && { claims, key };
  } catch {
    return undefined;
  }
}

/** Whether the key that signed it is still one of ours. */
export function isKeyAccepted(keys: GatewayKeys, { key }: SignedClaims): boolean {
  return keys.findSigning(key.id)?.fingerprint === key.fingerprint;
}
