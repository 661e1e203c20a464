import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Part } from '../api/names.ts';

/** Whom a value belongs to. Part of what is hashed, so that no hash can be moved to another connection. */
export interface Subject {
  /** `metadata.uid` of the Connection. */
  readonly uid: string;
  readonly clientId: string;
  readonly username: string;
}

/**
 * base64url of HMAC-SHA-256 over what a verifier is bound to: connection, identity, part, version and value. Without
 * the key nobody can make or check one, and none can be moved between parts, versions or connections.
 */
export function hashValue(key: KeyObject, subject: Subject, part: Part, version: string, value: string): string {
  const bound = ['connect.pim.dev/verifier/v1', subject.uid, subject.clientId, subject.username, part, version, value];
  return createHmac('sha256', key).update(JSON.stringify(bound), 'utf8').digest('base64url');
}

/** Whether two hashes are the same, in time that does not depend on where they differ. */
export function equalHashes(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
