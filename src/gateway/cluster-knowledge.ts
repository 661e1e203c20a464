import type { KubeClient } from '../kube/kube-client.ts';
import type { KubeLog } from '../kube/kube-log.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import type { ConnectionChange, Directory } from './directory/directory.ts';
import { WatchedDirectory } from './directory/watched-directory.ts';
import { buildFreshness, type Freshness, reportFreshness } from './freshness.ts';
import type { GatewayKeys } from './keys/gateway-keys.ts';
import { WatchedKeys } from './keys/watched-keys.ts';

/** All that the gateway knows of the cluster, kept by watches. */
export interface ClusterKnowledge {
  readonly directory: Directory;
  /** `undefined` while there is no key Secret. */
  readonly keys: () => GatewayKeys | undefined;
  readonly freshness: Freshness;
  /** Resolves when everything was read once; runs until `signal` fires. */
  start(signal: AbortSignal): Promise<void>;
}

export interface KnowledgeOptions {
  readonly config: Pick<GatewayConfig, 'connections' | 'keySecret' | 'maxStaleness' | 'onStale'>;
  readonly client: KubeClient;
  readonly log: KubeLog;
  readonly onChange: (change: ConnectionChange) => void;
}

export function buildClusterKnowledge({ config, client, log, onChange }: KnowledgeOptions): ClusterKnowledge {
  const directory = new WatchedDirectory({ client, log, onChange, ...config.connections });
  const keys = new WatchedKeys({ client, log, secret: config.keySecret });
  const { maxStaleness, onStale } = config;
  const sources = [() => directory.staleness(), () => performance.now() - keys.lastAlive()];
  const freshness = buildFreshness({ sources, maxStaleness, onStale });
  return {
    directory,
    keys: () => keys.current,
    freshness,
    async start(signal) {
      await Promise.all([directory.start(signal), keys.start(signal)]);
      reportFreshness(freshness, log, signal);
    },
  };
}
