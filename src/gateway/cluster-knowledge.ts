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

/**
 * From this `maxStaleness` on (milliseconds) the bookmarks that a watch gets each minute are proof enough that it lives;
 * below it the watches are renewed more often, or a quiet cluster would look like one that is away.
 */
const restful = 180_000;

export function buildClusterKnowledge({ config, client, log, onChange }: KnowledgeOptions): ClusterKnowledge {
  const { maxStaleness, onStale } = config;
  const renew = maxStaleness < restful && { renewEvery: maxStaleness / 3 };
  const directory = new WatchedDirectory({ client, log, onChange, ...config.connections, ...renew });
  const keys = new WatchedKeys({ client, log, secret: config.keySecret, ...renew });
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
