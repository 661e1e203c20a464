import { isIssued } from '../../credentials/accepted-verifiers.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import type { Decision, Tools } from './decision.ts';
import { decideFirstIssue } from './first-issue.ts';
import { removeStrays } from './held-secret.ts';
import { decideUpkeep } from './upkeep.ts';

/**
 * What to do about one Connection. Pure: the same observation, time and randomness give the same writes.
 *
 * A Connection that is being deleted gets no write however long somebody's finalizer keeps it: none of its verifiers
 * counts from the moment of deletion, and Kubernetes deletes the Secret with it.
 */
export async function decide(observed: ObservedConnection, tools: Tools): Promise<Decision> {
  if (observed.connection.metadata.deletionTimestamp !== undefined) return { writes: [] };
  const decideRest = isIssued(observed.connection) ? decideUpkeep : decideFirstIssue;
  const decision = await decideRest(observed, tools);
  return { ...decision, writes: [...removeStrays(observed), ...decision.writes] };
}
