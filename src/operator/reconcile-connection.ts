import { isIssued } from '../credentials/accepted-verifiers.ts';
import { type Applied, type Applier, applyDecision } from './apply/apply-decision.ts';
import { decide } from './decide/decide.ts';
import type { Decision, Tools } from './decide/decision.ts';
import { observeConnection, type Sources } from './observe/observe-connection.ts';
import type { ObservedConnection } from './observe/observed-connection.ts';

/** Everything that reconciling needs, the key aside. */
export interface Reconciler {
  readonly sources: Sources;
  readonly applier: Applier;
  /** Clock and randomness of one decision. */
  readonly tools: () => Tools;
}

/** Decisions in a row that meet a conflict before the key goes back to the queue, which waits longer each time. */
const mostTries = 5;
/** Decisions in a row that are written, one after the other; beyond these somebody changes on the way what we write. */
const mostWritten = 4;
/** A refused Secret sends no event when the quota or policy behind it changes: it is tried again this often. */
const refusedRecheck = 15_000;

/**
 * One Connection, observed, decided and applied, until what was decided is written. Returns after how many milliseconds
 * to look again, or nothing. Throws when the API server gave no answer or too many conflicts: then it is for the queue
 * to wait.
 *
 * What the caches say is enough to do nothing, and to issue a Connection that has no Secret: the create is the proof.
 * Everything else is decided on a live read, and looked at once more when it is written: one decision does not always do
 * all that is due, and the echo of an own write wakes nobody.
 */
export async function reconcileConnection(
  { sources, applier, tools }: Reconciler,
  path: { readonly namespace: string; readonly name: string },
): Promise<number | undefined> {
  let how: { live: boolean; refusal: string | undefined } = { live: false, refusal: undefined };
  let written = 0;
  for (let tries = 0; tries < mostTries; ) {
    const observed = await observeConnection(sources, path, how);
    if (!observed) return undefined;
    const decision = await decide(observed, tools());
    if (!observed.live && needsLiveRead(observed, decision)) {
      how = { ...how, live: true };
      continue;
    }
    const applied = await applyDecision(applier, observed.connection, decision);
    if (applied.kind === 'gone') return undefined;
    if (applied.kind === 'done') {
      if (how.refusal !== undefined) return refusedRecheck;
      written++;
      if (written === mostWritten || !mayLeaveWork(observed, decision)) return waitUntil(decision, tools().now);
      how = { live: false, refusal: undefined };
      continue;
    }
    how = { live: true, refusal: refusalOf(applied) };
    tries++;
  }
  throw new ConflictsInARow(path);
}

/** The object kept changing under our hands; the queue tries again after a wait. */
export class ConflictsInARow extends Error {
  override readonly name = 'ConflictsInARow';
  readonly code = 'Conflict';
  readonly retry = true;

  constructor({ namespace, name }: { readonly namespace: string; readonly name: string }) {
    super(`Connection ${namespace}/${name} changed ${mostTries} times while it was worked on`);
  }
}

function needsLiveRead({ connection, secret, strays }: ObservedConnection, { writes }: Decision): boolean {
  if (writes.length === 0) return false;
  const isFirstIssue = !isIssued(connection) && secret === undefined && strays.length === 0;
  const wasConflict = connection.status?.conditions?.some(({ reason }) => reason === 'SecretConflict') ?? false;
  return !isFirstIssue || wasConflict;
}

/** Whether something may be left to do after these writes. That a stray Secret is gone is told by the watch. */
function mayLeaveWork({ live, strays }: ObservedConnection, { writes }: Decision): boolean {
  return live && writes.length > 0 && strays.length === 0;
}

function refusalOf(applied: Applied): string | undefined {
  return applied.kind === 'refused' ? applied.sentence : undefined;
}

function waitUntil({ recheckAt }: Decision, now: number): number | undefined {
  return recheckAt === undefined ? undefined : Math.max(0, recheckAt - now);
}
