import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { CompleteKeys, GatewayKeys, SessionKey } from '../keys/gateway-keys.ts';

/** What a refresh token stands for. Clients cannot read it. */
export interface RefreshGrant {
  /** 16 bytes in hex. */
  readonly session: string;
  /** Counted from 1. */
  readonly number: number;
  /** Seconds since the epoch. */
  readonly expires: number;
  /** `metadata.uid` of the connection whose client it was issued to. */
  readonly clientUid: string;
  readonly userUid: string;
  /** Version of the password that opened the session. */
  readonly userVersion: string;
}

const format = 1;
const [keyIdLength, nonceLength, tagLength, fixedLength] = [8, 12, 16, 16 + 4 + 6 + 16 + 16];

/** Encrypts a grant with the newest session key (AES-256-GCM) for this audience; at most 180 characters. */
export function makeRefreshToken(keys: CompleteKeys, audience: string, grant: RefreshGrant): string {
  const { newestSession } = keys;
  const head = Buffer.concat([Buffer.of(format), shortId(newestSession)]);
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', newestSession.key, nonce).setAAD(aad(head, audience));
  const sealed = Buffer.concat([cipher.update(writeGrant(grant)), cipher.final()]);
  return Buffer.concat([head, nonce, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** The grant in a token that a gateway of this audience made; `undefined` for anything else. Time is not looked at. */
export function readRefreshToken(keys: GatewayKeys, audience: string, token: string): RefreshGrant | undefined {
  if (!/^[A-Za-z0-9_-]{1,180}$/.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const head = bytes.subarray(0, 1 + keyIdLength);
  const sealed = bytes.subarray(head.length + nonceLength, -tagLength);
  const key = keys.sessions.find((session) => shortId(session).equals(head.subarray(1)));
  if (head[0] !== format || !key || sealed.length <= fixedLength) return undefined;
  try {
    const nonce = bytes.subarray(head.length, head.length + nonceLength);
    const decipher = createDecipheriv('aes-256-gcm', key.key, nonce, { authTagLength: tagLength });
    decipher.setAAD(aad(head, audience)).setAuthTag(bytes.subarray(-tagLength));
    return readGrant(Buffer.concat([decipher.update(sealed), decipher.final()]));
  } catch {
    return undefined;
  }
}

function shortId({ id }: SessionKey): Buffer {
  return createHash('sha256').update(id).digest().subarray(0, keyIdLength);
}

function aad(head: Buffer, audience: string): Buffer {
  return Buffer.concat([head, Buffer.from(audience, 'utf8')]);
}

function writeGrant({ session, number, expires, clientUid, userUid, userVersion }: RefreshGrant): Buffer {
  const numbers = Buffer.alloc(10);
  numbers.writeUInt32BE(number, 0);
  numbers.writeUIntBE(expires, 4, 6);
  const parts = [Buffer.from(session, 'hex'), numbers, uuidBytes(clientUid), uuidBytes(userUid)];
  return Buffer.concat([...parts, Buffer.from(userVersion, 'utf8')]);
}

function readGrant(bytes: Buffer): RefreshGrant {
  return {
    session: bytes.toString('hex', 0, 16),
    number: bytes.readUInt32BE(16),
    expires: bytes.readUIntBE(20, 6),
    clientUid: uuidText(bytes.subarray(26, 42)),
    userUid: uuidText(bytes.subarray(42, 58)),
    userVersion: bytes.toString('utf8', 58),
  };
}

/** Uids of Kubernetes are UUIDs; 16 bytes instead of 36 keep the token short. */
function uuidBytes(uid: string): Buffer {
  const bytes = Buffer.from(uid.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new Error('the uid of a Connection is a UUID');
  return bytes;
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
