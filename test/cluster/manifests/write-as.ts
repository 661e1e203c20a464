import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';

/** How the API server answered a write. */
export interface Verdict {
  readonly status: number;
  /** The API server's sentence; empty when it said yes. */
  readonly message: string;
}

export interface Write {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Sends a write as a user of the control plane; the administrator when `user` is absent. */
export async function writeAs(cluster: Cluster, user: string | undefined, write: Write): Promise<Verdict> {
  const kubeconfig = user === undefined ? cluster.kubeconfig : cluster.kubeconfigFor(user);
  const { status, body } = await cluster.request<{ message?: string }>(write, kubeconfig);
  return { status, message: status < 300 ? '' : (body.message ?? '') };
}
