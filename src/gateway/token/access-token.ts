import { compactVerify, decodeProtectedHeader, SignJWT } from 'jose';
import type { GatewayKeys } from '../keys/gateway-keys.ts';
import { type AccessClaims, readAccessClaims } from './access-claims.ts';

const algorithm = 'EdDSA';
/** RFC 9068 section 2.1; compared exactly. */
const type = 'at+jwt';

/** Signs an access token with the newest key. */
export function makeAccessToken(keys: GatewayKeys, claims: AccessClaims): Promise<string> {
  const { id, privateKey } = keys.newestSigning;
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: algorithm, typ: type, kid: id }).sign(privateKey);
}

/** Claims of a token and the key that signed it. */
export interface SignedClaims {
  readonly claims: AccessClaims;
  readonly keyId: string;
}

/**
 * The claims of a token that one of our keys signed; `undefined` for anything else. Of its header nothing is believed:
 * algorithm and type must be ours, the key is looked up by its id. Time and audience are not looked at here.
 */
export async function readAccessToken(keys: GatewayKeys, token: string): Promise<SignedClaims | undefined> {
  try {
    const header = decodeProtectedHeader(token);
    const key = typeof header.kid === 'string' ? keys.findSigning(header.kid) : undefined;
    if (!key || header.typ !== type || header.alg !== algorithm) return undefined;
    const { payload } = await compactVerify(token, key.publicKey, { algorithms: [algorithm] });
    const claims = readAccessClaims(JSON.parse(Buffer.from(payload).toString('utf8')));
    return claims && { claims, keyId: key.id };
  } catch {
    return undefined;
  }
}
