import type { Condition, Connection } from '../../api/generated/connection.ts';
import { type Reason, reasons } from '../../api/reasons.ts';
import type { Problem } from './problem.ts';

/**
 * The conditions that say this: `Ready` always, `Reconciling` or `Stalled` only while true. A condition whose status
 * stays keeps its transition time.
 */
export function buildConditions(
  connection: Connection,
  state: { readonly reason: Reason; readonly message: string },
  now: number,
): readonly Condition[] {
  const { status, beside } = reasons[state.reason];
  const condition = (type: string, value: Condition['status']): Condition => {
    const before = connection.status?.conditions?.find((other) => other.type === type);
    const since =
      before?.status === value ? before.lastTransitionTime : new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
    return {
      type,
      status: value,
      reason: state.reason,
      message: state.message,
      observedGeneration: connection.metadata.generation,
      lastTransitionTime: since,
    };
  };
  return beside ? [condition('Ready', status), condition(beside, 'True')] : [condition('Ready', status)];
}

/** The reason and message of `Ready` when this is the problem, or when there is none. */
export function stateOf(
  connection: Connection,
  secretName: string,
  problem: Problem | undefined,
  hints: readonly string[],
): { readonly reason: Reason; readonly message: string } {
  if (problem) return problem;
  if (connection.spec.suspend === true) {
    const message = 'spec.suspend is true: every token and call is refused until it is false again; credentials stay.';
    return { reason: 'Suspended', message };
  }
  return { reason: 'Issued', message: [`Credentials are in Secret ${secretName}.`, ...hints].join(' ') };
}
