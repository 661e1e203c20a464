import type { Connection } from '../api/generated/connection.ts';
import type { Part } from '../api/names.ts';
import { parseDuration } from '../api/parse-duration.ts';
import { newestVerifier } from './accepted-verifiers.ts';

/**
 * When the schedule next replaces the value of this part, in milliseconds since the epoch: `spec.rotation.interval`
 * after the value was issued. `undefined` without a schedule, or before the first issue.
 */
export function nextRotationOf(connection: Connection, part: Part): number | undefined {
  const interval = parseDuration(connection.spec.rotation?.interval ?? '');
  const issued = newestVerifier(connection, part)?.issued;
  return interval === undefined || issued === undefined ? undefined : Date.parse(issued) + interval;
}
