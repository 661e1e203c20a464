import { UsageError } from '../process/read-flags.ts';
import type { OpenCluster } from './open-cluster.ts';
import type { CommandLine } from './read-command-line.ts';
import type { Tools } from './tools.ts';

/** The cluster and the namespace that a command line asks for. */
export interface Workplace {
  readonly cluster: OpenCluster;
  /** `--namespace`, else the kubeconfig's. */
  readonly namespace: string;
  /** `undefined` with `--all-namespaces`, else the same. */
  readonly scope: string | undefined;
}

/** Opens the cluster for the time of `work`. */
export async function useCluster<T>(
  line: CommandLine,
  tools: Tools,
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  const given = line.text('namespace');
  const isAll = line.is('all-namespaces') === true;
  if (isAll && given !== undefined) throw new UsageError('--all-namespaces and --namespace exclude each other.');
  const cluster = await tools.openCluster({ kubeconfig: line.text('kubeconfig'), context: line.text('context') });
  const namespace = given ?? cluster.namespace;
  try {
    return await work({ cluster, namespace, scope: isAll ? undefined : namespace });
  } finally {
    await cluster.client.close();
  }
}
