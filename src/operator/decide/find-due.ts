import { type Part, parts, rotationAnnotations } from '../../api/names.ts';
import type { RotationToken } from '../../credentials/mark.ts';
import { findOutstanding, overlapOf, partsOf } from '../../credentials/outstanding-requests.ts';
import { nextRotationOf } from '../../credentials/schedule.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import type { Cause } from './replace-verifier.ts';

/** A value that has to be replaced because somebody asked or its time has come. */
export interface Due {
  readonly cause: Cause;
  /** Milliseconds that the old value works on. */
  readonly overlap: number;
  /** The request that is answered; absent for a schedule. */
  readonly request: RotationToken | undefined;
}

/** What is due, per part. Several requests for one part are answered by one rotation, a revoke before all others. */
export function findDue(observed: ObservedConnection, now: number): ReadonlyMap<Part, Due> {
  const { connection, clockOff } = observed;
  const due = new Map<Part, Due>();
  const overlap = overlapOf(connection);
  for (const part of parts) {
    const requests = findOutstanding(connection).filter(({ annotation }) => partsOf(annotation).includes(part));
    const revoke = requests.find(({ annotation }) => annotation === rotationAnnotations.revoke);
    const [first] = requests;
    if (revoke) due.set(part, { cause: 'Revoked', overlap: 0, request: revoke });
    else if (first) due.set(part, { cause: 'Requested', overlap, request: first });
    else if (!clockOff && isScheduledFor(observed, part, now))
      due.set(part, { cause: 'Scheduled', overlap, request: undefined });
  }
  return due;
}

/** Whether the schedule's moment for this part has come, whatever the clock is worth. */
export function isScheduledFor({ connection }: ObservedConnection, part: Part, now: number): boolean {
  return (nextRotationOf(connection, part) ?? Number.POSITIVE_INFINITY) <= now;
}
