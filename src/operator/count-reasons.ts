import type { Connection } from '../api/generated/connection.ts';

/** How many Connections there are of each reason of the Ready condition. */
export function countReasons(connections: Iterable<Connection>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of connections) {
    const reason = status?.conditions?.find(({ type }) => type === 'Ready')?.reason ?? 'Pending';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}
