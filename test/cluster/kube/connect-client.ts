import { onTestFinished } from 'vitest';
import { buildKubeClient, type KubeClient, type KubeClientOptions } from '../../../src/kube/kube-client.ts';
import { readClusterAccess } from '../../../src/kube/read-cluster-access.ts';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';

export interface ConnectOptions extends Omit<KubeClientOptions, 'access'> {
  /** Default: the administrator's. */
  readonly kubeconfig?: string;
  /** Another way to the API server, such as a relay. */
  readonly server?: string;
}

/** The programs' own client, closed at the end of the test. */
export async function connectClient(cluster: Cluster, options: ConnectOptions = {}): Promise<KubeClient> {
  const { kubeconfig = cluster.kubeconfig, server, ...rest } = options;
  const access = await readClusterAccess({ kubeconfig });
  const client = buildKubeClient({ ...rest, access: server === undefined ? access : redirect(access, server) });
  onTestFinished(() => client.close());
  return client;
}

function redirect(access: KubeClientOptions['access'], server: string): KubeClientOptions['access'] {
  return {
    server,
    namespace: access.namespace,
    proxy: access.proxy,
    readCredentials: () => access.readCredentials(),
    forgetCredentials: () => access.forgetCredentials(),
  };
}
