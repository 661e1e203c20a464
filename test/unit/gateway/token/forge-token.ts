import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { SigningKey } from '../../../../src/gateway/keys/gateway-keys.ts';

/** The three parts of a token, decoded where that makes sense. */
export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly parts: readonly [string, string, string];
}

export function takeApart(token: string): TokenParts {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const decode = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: decode(header), claims: decode(payload), parts: [header, payload, signature] };
}

/** A token with this header and payload that this key really signed. */
export function signToken(key: KeyObject, header: unknown, payload: unknown): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
}

/** The classic confusion: the public key as the secret of an HMAC. */
export function signWithHmac(secret: string | Buffer, header: unknown, payload: unknown): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** What an attacker can know of a public key, in every form that a library may take for a secret. */
export function publicForms({ publicKey }: SigningKey): readonly (string | Buffer)[] {
  const jwk = publicKey.export({ format: 'jwk' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  return [
    pem,
    pem.toString().trim(),
    publicKey.export({ type: 'spki', format: 'der' }),
    JSON.stringify(jwk),
    Buffer.from(jwk.x ?? '', 'base64url'),
  ];
}

export function makeForeignKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

export function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}
