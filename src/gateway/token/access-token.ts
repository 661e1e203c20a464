import { sign, timingSafeEqual } from 'node:crypto';
import { SignJWT } from 'jose';
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
export function readAccessToken(keys: GatewayKeys, token: string): SignedClaims | undefined {
  if (token.length > longestToken || !form.test(token)) return undefined;
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg, typ, kid, crit } = readObject(header) ?? {};
  if (alg !== algorithm || typ !== type || typeof kid !== 'string' || crit !== undefined) return undefined;
  const key = keys.findSigning(kid);
  if (!key || !isSignature(key, `${header}.${payload}`, signature)) return undefined;
  const claims = readAccessClaims(readObject(payload) ?? {});
  return claims && { claims, key };
}

/**
 * Ed25519 has one signature of a text under a key (RFC 8032 section 5.1.6), and here is the key: so it is made again and
 * compared, in a third of the time that verifying takes. What was made goes nowhere.
 */
function isSignature({ privateKey }: SigningKey, text: string, signature: string): boolean {
  return timingSafeEqual(sign(null, Buffer.from(text, 'latin1'), privateKey), Buffer.from(signature, 'base64url'));
}

/** The JSON object in one part of a token. */
function readObject(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return value !== null && typeof value === 'object' ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the key that signed it is still one of ours. */
export function isKeyAccepted(keys: GatewayKeys, { key }: SignedClaims): boolean {
  return keys.findSigning(key.id)?.fingerprint === key.fingerprint;
}
