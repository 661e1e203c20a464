import type { Connection, RetiredVerifier, Verifier } from '../../api/generated/connection.ts';
import type { Part } from '../../api/names.ts';
import { findAccepted, isOver, verifiersOf } from '../../credentials/accepted-verifiers.ts';
import { equalHashes, hashValue, type Subject } from '../../credentials/hash-value.ts';
import type { KeyRing } from '../../credentials/key-ring.ts';
import type { GuessLimiter } from './guess-limiter.ts';
import { buildRememberedValues } from './remembered-values.ts';
import type { SlowCompare } from './slow-compare.ts';
import { buildTurns } from './turns.ts';

/** What a presented value is worth. */
export type ValueVerdict =
  | { readonly kind: 'accepted'; readonly version: string }
  /** It was right once: refused like any wrong one, and people are told that somebody still uses it. */
  | { readonly kind: 'retired'; readonly version: string }
  | { readonly kind: 'rejected' }
  /** Too many guesses, or too many slow comparisons waiting; whole seconds until it makes sense to come back. */
  | { readonly kind: 'busy'; readonly retryAfter: number };

/** Compares a presented client secret or password with a Connection's verifiers. */
export interface ValueChecker {
  /** `spellings`: the value as it came, and as it may have been meant (percent-decoded). One try, however many. */
  check(connection: Connection, part: Part, spellings: readonly string[], from: CheckContext): Promise<ValueVerdict>;
}

export interface CheckContext {
  readonly keys: KeyRing;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The client's network: IPv4 address or IPv6 /64. */
  readonly network: string;
}

/** One spelling beside one verifier, and what it is worth if they belong together. */
interface Candidate {
  readonly kind: 'accepted' | 'retired';
  readonly verifier: Verifier | RetiredVerifier;
  readonly value: string;
  /** What the verifier's hash is of. */
  readonly text: string;
}

const rejected = { kind: 'rejected' } as const;
/** Checks that wait for one connection's slow comparison. */
const mostWaiting = 32;

/**
 * Generated values are one MAC a verifier: always answered, never slowed, so that nobody can lock a connector out by
 * guessing. Adopted ones may be short and cost a bcrypt: they are hashed only when they are not the one that was right
 * last time, one at a time for each connection, and guessing them is held back.
 */
export function buildValueChecker(slow: SlowCompare, limiter: GuessLimiter): ValueChecker {
  const remembered = buildRememberedValues();
  const turns = buildTurns(mostWaiting);

  return {
    async check(connection, part, spellings, { keys, now, network }) {
      const subject = subjectOf(connection);
      if (!subject) return rejected;
      const { uid } = subject;
      const candidates = findCandidates(connection, part, spellings, { keys, now, subject });
      const adopted = candidates.filter(({ verifier }) => verifier.alg === 'bcrypt');
      const place = ({ verifier }: Candidate) => ({ uid, part, hash: verifier.hash });

      const findRemembered = (): ValueVerdict | undefined => {
        const known = adopted.find((candidate) => remembered.has(place(candidate), candidate.value));
        if (known?.kind === 'accepted') limiter.recordSuccess(uid, network);
        return known && verdictOf(known);
      };
      const findHeldBack = (): ValueVerdict | undefined => {
        const retryAfter = limiter.check(uid, network);
        return retryAfter > 0 ? { kind: 'busy', retryAfter } : undefined;
      };
      const compareSlowly = async (): Promise<ValueVerdict> => {
        // Whoever waited may be right by now, or have guessed too often.
        const known = findRemembered() ?? findHeldBack();
        if (known) return known;
        for (const candidate of adopted) {
          const right = await slow.compare(candidate.text, candidate.verifier.hash);
          if (right === 'broken') return { kind: 'busy', retryAfter: 1 };
          if (!right) continue;
          remembered.add(place(candidate), candidate.value);
          if (candidate.kind === 'accepted') limiter.recordSuccess(uid, network);
          else limiter.recordFailure(uid, network);
          return verdictOf(candidate);
        }
        limiter.recordFailure(uid, network);
        return rejected;
      };

      const atOnce = findGenerated(candidates) ?? findRemembered();
      if (atOnce || adopted.length === 0) return atOnce ?? rejected;
      // Who is held back takes nobody's place in the line.
      const verdict = findHeldBack() ?? (await turns.take(uid, compareSlowly));
      // With nothing but old values to recognise, no wait would make this one right.
      const isHopeless = adopted.every(({ kind }) => kind === 'retired');
      if (verdict === 'full') return isHopeless ? rejected : { kind: 'busy', retryAfter: 1 };
      return verdict.kind === 'busy' && isHopeless ? rejected : verdict;
    },
  };
}

/**
 * Accepted verifiers first. Old are those on record as such, and those whose overlap is over but not yet cleared away. A
 * verifier whose key is gone says nothing about any value.
 */
function findCandidates(
  connection: Connection,
  part: Part,
  spellings: readonly string[],
  { keys, now, subject }: Pick<CheckContext, 'keys' | 'now'> & { readonly subject: Subject },
): readonly Candidate[] {
  const accepted = findAccepted(connection, now)[part];
  const over = verifiersOf(connection, part).filter((verifier) => isOver(verifier, now));
  const retired = [...over, ...(connection.status?.credentials?.retired?.[part] ?? [])];
  const build = (kind: Candidate['kind'], verifier: Verifier | RetiredVerifier): readonly Candidate[] => {
    const key = keys.get(verifier.key);
    if (!key) return [];
    return spellings.map((value) => {
      const text = hashValue(key, subject, part, verifier.version, value);
      return { kind, verifier, value, text };
    });
  };
  return [
    ...accepted.flatMap((verifier) => build('accepted', verifier)),
    ...retired.flatMap((verifier) => build('retired', verifier)),
  ];
}

/** Compares with every one of them, whichever matches, so that the time says nothing about which. */
function findGenerated(candidates: readonly Candidate[]): ValueVerdict | undefined {
  const matching = candidates.filter(
    ({ verifier, text }) => verifier.alg === 'hmac-sha256' && equalHashes(text, verifier.hash),
  );
  return matching[0] && verdictOf(matching[0]);
}

function verdictOf({ kind, verifier }: Candidate): ValueVerdict {
  return { kind, version: verifier.version };
}

/** Undefined before the first issue, and for a status that was another object's. */
function subjectOf({ metadata, status }: Connection): Subject | undefined {
  const { clientId, username, credentials } = status ?? {};
  if (credentials?.uid !== metadata.uid || clientId === undefined || username === undefined) return undefined;
  return { uid: metadata.uid, clientId, username };
}
