import type { KubeClient } from '../../../kube/kube-client.ts';
import { isKubeError } from '../../../kube/kube-error.ts';
import { selfSubjectReviewsPath } from '../../../kube/resource-paths.ts';

/** A user of the cluster, as it calls them. */
export interface Viewer {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Shown where the cluster keeps to itself who somebody is. */
const unnamed: Viewer = { name: 'a user of the cluster', groups: [] };

/**
 * Asks the cluster who calls. Fails with a `KubeError`, `Unauthorized` for a token that is not good. Everybody may ask
 * that about themselves unless a cluster took the right away; who is told 403 is known and stays without a name.
 */
export async function readViewer(client: KubeClient): Promise<Viewer> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  try {
    const { status } = await client.create<SelfSubjectReview>(selfSubjectReviewsPath(), body);
    return { name: status?.userInfo?.username ?? unnamed.name, groups: status?.userInfo?.groups ?? [] };
  } catch (error) {
    if (isKubeError(error, 'Forbidden', 'NotFound')) return unnamed;
    throw error;
  }
}

interface SelfSubjectReview {
  readonly status?: { readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[] } };
}
