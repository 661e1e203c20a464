import { isDeepStrictEqual } from 'node:util';
import type { ConnectionStatus, PartRotation } from '../../api/generated/connection.ts';
import { type Part, parts } from '../../api/names.ts';
import { type Reason, reasons } from '../../api/reasons.ts';
import { nextRotationOf } from '../../credentials/schedule.ts';
import { findHints } from '../../insight/find-hints.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import { buildConditions, stateOf } from './build-conditions.ts';
import type { Decision, EventDraft, Write } from './decision.ts';
import type { Problem } from './problem.ts';
import { forgottenAt } from './replace-verifier.ts';
import { wantedSecretName } from './wanted-secret-name.ts';

/** A Secret that is not ours sends no event to a watch by label: it is looked at again within 10 seconds, a queue aside. */
const conflictRecheck = 9_000;
/** How often a rotation is looked at again that is due and waits for the clock or the Secret. */
const overdueRecheck = 30_000;

/** What a decision ends with, besides its writes. */
export interface Outcome {
  /** The status without conditions: what the writes made true. */
  readonly status: ConnectionStatus;
  readonly problem: Problem | undefined;
  /** What people should know although nothing is wrong. */
  readonly hints?: readonly string[];
  /** Writes that go before the last status write. */
  readonly writes?: readonly Write[];
  /** Events of this decision that belong to its last status write. */
  readonly events?: readonly EventDraft[];
  /** A moment to look again, besides those that the status itself names. */
  readonly recheckAt?: number | undefined;
}

/** The decision that ends in this outcome: one status write at its end, none when nothing would change. */
export function settle(observed: ObservedConnection, outcome: Outcome, now: number): Decision {
  const { connection } = observed;
  const after = { ...connection, status: outcome.status };
  const hints = [...findHints(after).map(({ sentence }) => sentence), ...(outcome.hints ?? [])];
  const state = stateOf(connection, wantedSecretName(after), outcome.problem, hints);
  const rotation = withSchedule(after);
  const { rotation: _before, ...rest } = outcome.status;
  const status: ConnectionStatus = {
    ...rest,
    ...(rotation && { rotation }),
    ...(connection.metadata.generation !== undefined && { observedGeneration: connection.metadata.generation }),
    conditions: buildConditions(connection, state, now),
  };
  // The last status of `writes` may be one of an earlier step, so with writes the end is always written.
  const changed =
    (outcome.writes ?? []).some(({ kind }) => kind === 'writeStatus') || !isSame(connection.status, status);
  const transition = transitionEvent(connection.status, state);
  const events = [...(outcome.events ?? []), ...(transition ? [transition] : [])];
  const last: Write[] = changed ? [{ kind: 'writeStatus', status, ...(events.length > 0 && { events }) }] : [];
  const recheckAt = soonest([outcome.recheckAt, ...momentsOf(status, now), conflictMoment(outcome.problem, now)]);
  return { writes: [...(outcome.writes ?? []), ...last], ...(recheckAt !== undefined && { recheckAt }) };
}

function isSame(before: ConnectionStatus | undefined, after: ConnectionStatus): boolean {
  return isDeepStrictEqual(before, after);
}

/** An event when a problem or a suspension begins, and when a suspension ends; the end of a problem is told by the condition alone. */
function transitionEvent(
  before: ConnectionStatus | undefined,
  { reason, message }: { readonly reason: Reason; readonly message: string },
): EventDraft | undefined {
  const last = before?.conditions?.find(({ type }) => type === 'Ready')?.reason ?? 'Pending';
  if (last === reason || (reason === 'Issued' && last !== 'Suspended')) return undefined;
  return { type: reasons[reason].beside ? 'Warning' : 'Normal', reason, note: message };
}

/** `status.rotation` with the moments that the schedule names now; `undefined` when there is nothing to say. */
function withSchedule(connection: ObservedConnection['connection']): ConnectionStatus['rotation'] {
  const rotation = connection.status?.rotation;
  const scheduled: Partial<Record<Part, PartRotation>> = {};
  for (const part of parts) {
    const { nextRotation: _old, ...rest } = rotation?.[part] ?? {};
    const next = nextRotationOf(connection, part);
    const entry = next === undefined ? rest : { ...rest, nextRotation: new Date(next).toISOString() };
    if (Object.keys(entry).length > 0) scheduled[part] = entry;
  }
  const { clientSecret: _secret, password: _password, ...others } = rotation ?? {};
  const all = { ...others, ...scheduled };
  return Object.keys(all).length > 0 ? all : undefined;
}

/** When an overlap ends, a retired value is forgotten or a scheduled rotation is due; what is overdue because something holds it is looked at later. */
function momentsOf({ credentials, rotation }: ConnectionStatus, now: number): readonly number[] {
  const ends = parts.flatMap((part) => credentials?.[part]?.map(({ expires }) => expires) ?? []);
  const next = parts.map((part) => rotation?.[part]?.nextRotation);
  const named = [...ends, ...next].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  const forgotten = parts.flatMap((part) => credentials?.retired?.[part]?.map(forgottenAt) ?? []);
  return [...named, ...forgotten].map((moment) => (moment > now ? moment : now + overdueRecheck));
}

function conflictMoment(problem: Problem | undefined, now: number): number | undefined {
  return problem?.reason === 'SecretConflict' ? now + conflictRecheck : undefined;
}

function soonest(moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
