import type { ClusterAccess } from '../kube/cluster-access.ts';
import { buildKubeClient, type KubeClient } from '../kube/kube-client.ts';
import { readClusterAccess } from '../kube/read-cluster-access.ts';
import type { ClusterSource } from './tools.ts';

/** Under this name every field is owned that a command writes. Flux undoes what managers named `kubectl…` wrote. */
export const fieldManager = 'connection-cli';

/** The API server as the person of the kubeconfig. */
export interface OpenCluster {
  readonly client: KubeClient;
  readonly access: ClusterAccess;
  /** The kubeconfig's namespace, else `default`. */
  readonly namespace: string;
  /** What the cluster was opened with. */
  readonly source: ClusterSource;
}

/** Throws an `Error` that says what is missing. Opens no connection yet. */
export async function openCluster(source: ClusterSource): Promise<OpenCluster> {
  const access = await readClusterAccess(source);
  const client = buildKubeClient({ access, fieldManager, userAgent: 'kubectl-connection' });
  return { client, access, namespace: access.namespace ?? 'default', source };
}
