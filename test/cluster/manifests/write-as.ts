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

/** Sends a write as the user of a kubeconfig; as the administrator when it is absent. */
export async function writeAs(cluster: Cluster, kubeconfig: string | undefined, write: Write): Promise<Verdict> {
  const { status, body } = await cluster.request<{ message?: string }>(write, kubeconfig);
  return { status, message: status < 300 ? '' : (body.message ?? '') };
}
