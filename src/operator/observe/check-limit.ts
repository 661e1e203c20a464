import type { Connection } from '../../api/generated/connection.ts';
import { isIssued } from '../../credentials/accepted-verifiers.ts';
import type { ClusterCache } from './cluster-cache.ts';

/**
 * The limit, when it leaves this Connection no place in its namespace; `undefined` when it has one. Issued Connections
 * keep their place whatever the limit becomes; free places go to the oldest, then by name. 0: no limit.
 */
export function findLimitReached(cache: ClusterCache, connection: Connection, limit: number): number | undefined {
  const { namespace } = connection.metadata;
  if (limit === 0 || isIssued(connection) || cache.byNamespace.count(namespace) <= limit) return undefined;
  const alive = [...cache.byNamespace.get(namespace)].filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  );
  const waiting = alive.filter((other) => !isIssued(other));
  const free = limit - (alive.length - waiting.length);
  const before = waiting.filter((other) => compareAge(other, connection) < 0).length;
  return before < free ? undefined : limit;
}

function compareAge(a: Connection, b: Connection): number {
  const [left, right] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp} ${metadata.name}`);
  return (left ?? '') < (right ?? '') ? -1 : left === right ? 0 : 1;
}
