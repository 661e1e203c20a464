import { systemRandom } from '../../../src/credentials/random-source.ts';
import { buildKubeClient, type KubeClient } from '../../../src/kube/kube-client.ts';
import type { KubeLog } from '../../../src/kube/kube-log.ts';
import { readClusterAccess } from '../../../src/kube/read-cluster-access.ts';
import { ConnectionOperator } from '../../../src/operator/connection-operator.ts';
import { defaultSettings, type OperatorSettings } from '../../../src/operator/operator-settings.ts';
import { operatorKubeconfig } from '../control-plane/start-operator.ts';

export interface HereOptions {
  /** Over the defaults; no limit of Connections and no Lease unless said otherwise. */
  readonly settings: Partial<OperatorSettings>;
  /** Default: the shared cluster as the ServiceAccount of the manifests. */
  readonly kubeconfig?: string;
  /** What stands between the operator and the API server. */
  readonly wrap?: (client: KubeClient) => KubeClient;
  /** Milliseconds that the operator's time is ahead of this machine's. */
  readonly ahead?: number;
}

export interface OperatorHere {
  readonly operator: ConnectionOperator;
  /** Resolves when it has seen everything once. */
  readonly started: Promise<void>;
  /** Sentences that it logged at info and above. */
  readonly sentences: readonly string[];
  stop(): Promise<void>;
}

/** Runs an operator in this process until it is stopped; resolves when it has seen everything once. */
export async function runHere(options: HereOptions): Promise<OperatorHere> {
  const here = await startHere(options);
  await here.started;
  return here;
}

/** Starts an operator in this process, which may not get far. */
export async function startHere(options: HereOptions): Promise<OperatorHere> {
  const client = buildKubeClient({
    access: await readClusterAccess({ kubeconfig: options.kubeconfig ?? (await operatorKubeconfig()) }),
  });
  const sentences: string[] = [];
  const keep = (_fields: unknown, sentence: string): void => void sentences.push(sentence);
  const log: KubeLog = { debug: () => {}, info: keep, warn: keep, error: keep };
  const operator = new ConnectionOperator({
    client: options.wrap?.(client) ?? client,
    log,
    settings: { ...defaultSettings, connectionLimit: 0, leaderElection: false, ...options.settings },
    clock: () => Date.now() + (options.ahead ?? 0),
    random: systemRandom,
    identity: `here-${crypto.randomUUID()}`,
    onLost: keep.bind(undefined, {}),
  });
  const started = operator.start();
  started.catch(() => {});
  return {
    operator,
    started,
    sentences,
    async stop() {
      await operator.stop();
      await client.close();
    },
  };
}
