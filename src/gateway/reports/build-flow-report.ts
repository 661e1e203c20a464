import type { ConnectionFlow, FlowCounts, FlowHour, FlowReport } from '../../api/flow-report.ts';
import type { Connection } from '../../api/generated/connection.ts';
import { addCounts, noCounts } from '../../flows/add-counts.ts';
import { formatHour, hourLength, readHour } from '../../flows/utc-hour.ts';
import type { FlowStore } from '../store/flow-store.ts';

/** Connections of one question to the store: short enough to keep no call waiting. */
const askedAtOnce = 100;

/**
 * What tracked Connections moved in the last `hours` hours, the current one included.
 *
 * @param connections by namespace and name.
 * @param now milliseconds since the epoch.
 */
export async function buildFlowReport(
  store: Pick<FlowStore, 'sumConnections' | 'sumHours'>,
  connections: readonly Connection[],
  hours: number,
  now: number,
): Promise<FlowReport> {
  const tracked = connections.filter(({ spec }) => spec.tracked === true && spec.flowType !== 'Other');
  const since = readHour(now) - (hours - 1) * hourLength;
  const byUid = new Map<string, FlowCounts>();
  const byHour = new Map<number, FlowCounts>();
  for (let from = 0; from < tracked.length; from += askedAtOnce) {
    const uids = tracked.slice(from, from + askedAtOnce).map(({ metadata }) => metadata.uid);
    for (const { connection, ...counts } of await store.sumConnections(uids, since)) byUid.set(connection, counts);
    for (const { hour, ...counts } of await store.sumHours(uids, since)) {
      byHour.set(hour, addCounts(byHour.get(hour) ?? noCounts, counts));
    }
  }
  return {
    connections: tracked.map(({ metadata: { uid, namespace, name } }): ConnectionFlow => {
      return { uid, namespace, name, ...(byUid.get(uid) ?? noCounts) };
    }),
    hours: [...byHour]
      .sort(([one], [other]) => one - other)
      .map(([hour, counts]): FlowHour => ({ hour: formatHour(hour), ...counts })),
  };
}
