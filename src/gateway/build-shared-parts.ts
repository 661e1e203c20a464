import type { KubeClient } from '../kube/kube-client.ts';
import type { KubeLog } from '../kube/kube-log.ts';
import { buildClusterKnowledge, type ClusterKnowledge } from './cluster-knowledge.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { ConnectionChange } from './directory/directory.ts';
import { FlowBuffer } from './flows/flow-buffer.ts';
import { FlowTotals } from './flows/flow-totals.ts';
import { buildFlowWatcher, type FlowWatcher } from './flows/flow-watcher.ts';
import { FlowWriter } from './flows/flow-writer.ts';
import { isComplete } from './keys/gateway-keys.ts';
import { CallLimiter } from './limits/call-limiter.ts';
import { CallCounts } from './metrics/call-counts.ts';
import { buildGatewayMetrics, type GatewayMetrics } from './metrics/gateway-metrics.ts';
import { registerFlowMetrics } from './metrics/register-flow-metrics.ts';
import type { WatchedStore } from './store/watched-store.ts';
import type { TokenReports } from './token/token-context.ts';
import { buildWarningReports } from './token/warning-reports.ts';
import { LastUsedRecorder } from './usage/last-used-recorder.ts';

export interface SharedPartsOptions {
  readonly config: GatewayConfig;
  readonly client: KubeClient;
  readonly log: KubeLog;
  readonly store: WatchedStore;
}

/** What calls and tokens have in common: what is known, what is counted, what is reported. */
export interface SharedParts {
  readonly knowledge: ClusterKnowledge;
  readonly counts: CallCounts;
  readonly metrics: GatewayMetrics;
  readonly limiter: CallLimiter;
  readonly lastUsed: LastUsedRecorder;
  readonly reports: TokenReports;
  readonly flows: FlowWatcher;
  readonly flowWriter: FlowWriter;
}

/** Starts nothing. What is kept of a Connection goes when the Connection does. */
export function buildSharedParts({ config, client, log, store }: SharedPartsOptions): SharedParts {
  const counts = new CallCounts();
  const totals = new FlowTotals();
  const limiter = new CallLimiter(config.limits);
  const onChange = (change: ConnectionChange): void => {
    counts.observe(change);
    totals.observe(change);
    if (change.type !== 'deleted') return;
    limiter.forget(change.connection.metadata.uid);
    lastUsed.forget(change.connection.metadata.uid);
  };
  const knowledge = buildClusterKnowledge({ config, client, log, onChange });
  const { directory, freshness, keys } = knowledge;
  const metrics = buildGatewayMetrics({
    counts,
    staleness: () => Math.min(freshness.staleness(), Number.MAX_SAFE_INTEGER) / 1000,
    isStale: freshness.isStale,
    connections: () => counts.size,
    hasKeys: () => isComplete(keys()),
    isStoreUp: store.isUp,
  });
  const lastUsed = new LastUsedRecorder({
    client,
    log,
    find: (uid) => directory.findByUid(uid),
    clock: Date.now,
    random: Math.random,
    onWrite: (result) => metrics.statusWrites.inc({ result }),
  });
  const onWarning: Parameters<typeof buildWarningReports>[0]['onWarning'] = (kind, connection) =>
    counts.countWarning(kind, connection);
  const reports: TokenReports = {
    used(one, other) {
      lastUsed.record(one);
      if (other.metadata.uid !== one.metadata.uid) lastUsed.record(other);
    },
    counted: (outcome) => metrics.tokens.inc({ outcome }),
    ...buildWarningReports({ store, log, clock: Date.now, onWarning }),
  };
  const buffer = new FlowBuffer();
  registerFlowMetrics(metrics.registry, { totals, lost: () => buffer.lost });
  const flows = buildFlowWatcher({
    find: (uid) => directory.findByUid(uid),
    record: (flow) => {
      totals.add(flow.connection, flow.counts);
      buffer.add(flow, Date.now());
    },
  });
  const flowWriter = new FlowWriter({
    store,
    buffer,
    every: config.flows.flush,
    onTrouble: () => log.debug({}, 'counts were not written; they are kept'),
  });
  return { knowledge, counts, metrics, limiter, lastUsed, reports, flows, flowWriter };
}
