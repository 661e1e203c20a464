import type { Connection } from '../api/generated/connection.ts';
import { reasons } from '../api/reasons.ts';

/**
 * `ready`: what its Secret holds is accepted. `waiting`: something is missing and comes by itself or with another object.
 * `failed`: somebody has to do something. `suspended`: refused on purpose. `pending`: no operator has looked at it.
 */
export type HealthState = 'ready' | 'waiting' | 'failed' | 'suspended' | 'pending';

/** How a Connection is, at a glance. */
export interface Health {
  readonly state: HealthState;
  /** Reason of the `Ready` condition; `Deleting` while the object is kept by somebody's finalizer. */
  readonly reason: string;
  /** A sentence that says what to do. */
  readonly message: string;
}

/** Reads the conditions; a suspension and a deletion count before the operator has written them down. */
export function readHealth(connection: Connection): Health {
  const { metadata, spec, status } = connection;
  if (metadata.deletionTimestamp !== undefined) {
    return {
      state: 'waiting',
      reason: 'Deleting',
      message: 'Being deleted: every token and call is refused. A finalizer still keeps the object.',
    };
  }
  const conditions = status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready === undefined) return { state: 'pending', reason: 'Pending', message: reasons.Pending.meaning };
  const { reason, message } = ready;
  const isStalled = conditions.some(({ type, status: value }) => type === 'Stalled' && value === 'True');
  if (isStalled) return { state: 'failed', reason, message };
  if (reason === 'Suspended' || (spec.suspend === true && ready.status === 'True')) {
    const isWritten = reason === 'Suspended';
    return { state: 'suspended', reason: 'Suspended', message: isWritten ? message : reasons.Suspended.meaning };
  }
  if (ready.status === 'Unknown') return { state: 'pending', reason, message };
  return { state: ready.status === 'True' ? 'ready' : 'waiting', reason, message };
}
