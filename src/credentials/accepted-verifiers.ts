import type { Connection, Verifier } from '../api/generated/connection.ts';
import { type Part, parts } from '../api/names.ts';
import { partsStopped } from './outstanding-requests.ts';

/** The verifiers of each part that count, oldest first. */
export type AcceptedVerifiers = Readonly<Record<Part, readonly Verifier[]>>;

const none: AcceptedVerifiers = { clientSecret: [], password: [] };

/**
 * Which verifiers of a Connection count at `now` (milliseconds since the epoch): the one rule that operator and gateway
 * share. It needs no operator to be alive: what the API server has is in force.
 *
 * None while the Connection is suspended or being deleted, none that belong to another uid (a restored status), none of
 * a part while an unhandled request asks for its values to stop at once, and none whose overlap is over.
 */
export function findAccepted(connection: Connection, now: number): AcceptedVerifiers {
  const { metadata, spec } = connection;
  if (spec.suspend === true || metadata.deletionTimestamp !== undefined) return none;
  const stopped = partsStopped(connection);
  const accepted = (part: Part): readonly Verifier[] =>
    stopped.has(part) ? [] : verifiersOf(connection, part).filter((verifier) => !isOver(verifier, now));
  return { clientSecret: accepted('clientSecret'), password: accepted('password') };
}

/** The verifiers of a part as they stand in the status, oldest first; none when the status is another object's. */
export function verifiersOf(connection: Connection, part: Part): readonly Verifier[] {
  const credentials = connection.status?.credentials;
  if (credentials?.uid !== connection.metadata.uid) return [];
  return credentials[part] ?? [];
}

/** The verifier of the value that the Secret should hold; `undefined` before the first issue. */
export function newestVerifier(connection: Connection, part: Part): Verifier | undefined {
  return verifiersOf(connection, part).at(-1);
}

/** Whether the Connection was issued credentials: both parts have a verifier of its own uid. */
export function isIssued(connection: Connection): boolean {
  return parts.every((part) => newestVerifier(connection, part) !== undefined);
}

/** Whether the end of the verifier's overlap has come. */
export function isOver(verifier: Verifier, now: number): boolean {
  return verifier.expires !== undefined && Date.parse(verifier.expires) <= now;
}
