import { createHmac, randomBytes } from 'node:crypto';
import type { Connection, RetiredVerifier, Verifier } from '../../api/generated/connection.ts';
import type { Part } from '../../api/names.ts';
import { findAccepted } from '../../credentials/accepted-verifiers.ts';
import { equalHashes, hashValue, type Subject } from '../../credentials/hash-value.ts';
import type { KeyRing } from '../../credentials/key-ring.ts';
import type { GuessLimiter } from './guess-limiter.ts';
import type { SlowCompare } from './slow-compare.ts';

/** What a presented value is worth. */
export type ValueVerdict =
  | { readonly kind: 'accepted'; readonly version: string }
  /** It was right once: refused like any wrong one, and people are told that somebody still uses it. */
  | { readonly kind: 'retired'; readonly version: string }
  | { readonly kind: 'rejected' }
  /** Too many guesses, or too many slow comparisons waiting; seconds until it makes sense to come back. */
  | { readonly kind: 'busy'; readonly retryAfter: number };

/** Compares a presented client secret or password with a Connection's verifiers. */
export interface ValueChecker {
  check(connection: Connection, part: Part, value: string, from: CheckContext): Promise<ValueVerdict>;
}

export interface CheckContext {
  readonly keys: KeyRing;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The client's network: IPv4 address or IPv6 /64. */
  readonly network: string;
}

/**
 * Generated values are one MAC a verifier: always answered, never slowed, so that nobody can lock a connector out by
 * guessing. Adopted ones may be short and cost a bcrypt: they are hashed only when they are not the one that was right
 * last time, and guessing them is held back.
 */
export function buildValueChecker(slow: SlowCompare, limiter: GuessLimiter): ValueChecker {
  // Remembered as a MAC under a key of this process: what memory holds is no hash that could be guessed elsewhere.
  const memoryKey = randomBytes(32);
  const lastRight = new Map<string, string>();
  return {
    async check(connection, part, value, { keys, now, network }) {
      const subject = subjectOf(connection);
      if (!subject) return { kind: 'rejected' };
      const accepted = findAccepted(connection, now)[part];
      const retired = connection.status?.credentials?.retired?.[part] ?? [];
      const keyed = (verifier: Verifier | RetiredVerifier): string | undefined => {
        const key = keys.get(verifier.key);
        return key && hashValue(key, subject, part, verifier.version, value);
      };
      const fast = findFast(accepted, keyed);
      if (fast) return { kind: 'accepted', version: fast.version };
      const fastRetired = findFast(retired, keyed);
      if (fastRetired) return { kind: 'retired', version: fastRetired.version };

      const adopted = [...accepted, ...retired].filter(({ alg }) => alg === 'bcrypt');
      if (adopted.length === 0) return { kind: 'rejected' };
      const memory = createHmac('sha256', memoryKey).update(`${subject.uid} ${part} ${value}`).digest('base64');
      for (const verifier of accepted) {
        const slot = `${subject.uid} ${part} ${verifier.version} ${verifier.key}`;
        if (verifier.alg === 'bcrypt' && equalHashes(lastRight.get(slot) ?? '', memory)) {
          return { kind: 'accepted', version: verifier.version };
        }
      }
      const wait = limiter.check(subject.uid, network, now);
      if (wait > 0) return { kind: 'busy', retryAfter: wait };
      // Counted before the answer is known: many guesses side by side are as many as one after the other.
      limiter.recordAttempt(subject.uid, network, now);
      for (const verifier of adopted) {
        const text = keyed(verifier);
        if (text === undefined) continue;
        const right = await slow.compare(subject.uid, text, verifier.hash);
        if (right === 'busy') return { kind: 'busy', retryAfter: 1 };
        if (!right) continue;
        if (!accepted.includes(verifier)) return { kind: 'retired', version: verifier.version };
        limiter.recordSuccess(subject.uid, network);
        remember(lastRight, `${subject.uid} ${part} ${verifier.version} ${verifier.key}`, memory);
        return { kind: 'accepted', version: verifier.version };
      }
      return { kind: 'rejected' };
    },
  };
}

const mostRemembered = 10_000;

function remember(lastRight: Map<string, string>, slot: string, memory: string): void {
  lastRight.delete(slot);
  lastRight.set(slot, memory);
  const [oldest] = lastRight.keys();
  if (lastRight.size > mostRemembered && oldest !== undefined) lastRight.delete(oldest);
}

/** Compares with every one of them, whichever matches, so that the time says nothing about which. */
function findFast<V extends Verifier | RetiredVerifier>(
  verifiers: readonly V[],
  keyed: (verifier: V) => string | undefined,
): V | undefined {
  let found: V | undefined;
  for (const verifier of verifiers) {
    if (verifier.alg === 'hmac-sha256' && equalHashes(keyed(verifier) ?? '', verifier.hash)) found = verifier;
  }
  return found;
}

function subjectOf({ metadata, status }: Connection): Subject | undefined {
  const { clientId, username, credentials } = status ?? {};
  if (credentials?.uid !== metadata.uid || clientId === undefined || username === undefined) return undefined;
  return { uid: metadata.uid, clientId, username };
}
