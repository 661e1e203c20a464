import type { Connection } from '../api/generated/connection.ts';
import { findStaleMounts, type PodSpec } from '../insight/find-stale-mounts.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { podsPath } from '../kube/resource-paths.ts';
import type { OpenCluster } from './open-cluster.ts';

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: PodSpec;
  readonly status?: { readonly phase?: string };
}

/**
 * Sentences about running pods that will not see a rotation of this Connection, one for each workload and container.
 * A sentence of its own for whoever may not list pods; empty before the first issue.
 */
export async function readStaleMounts({ client }: OpenCluster, connection: Connection): Promise<readonly string[]> {
  const secret = connection.status?.binding?.name;
  if (secret === undefined) return [];
  try {
    const { items } = await client.list<Pod>(podsPath(connection.metadata.namespace));
    const running = items.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
    const users = running.map((pod) => ({ name: nameWorkload(pod), spec: pod.spec }));
    return [...new Set(findStaleMounts(users, secret).map(({ sentence }) => sentence))];
  } catch (error) {
    if (isKubeError(error, 'Forbidden'))
      return ['Whether pods will see a rotation is not known: you may not list pods.'];
    throw error;
  }
}

/** As people know it: the Deployment and not its ReplicaSet, which has another name after each change. */
function nameWorkload({ metadata }: Pod): string {
  const { name, labels = {}, ownerReferences: [owner] = [] } = metadata;
  if (owner === undefined) return `Pod ${name}`;
  const hash = `-${labels['pod-template-hash']}`;
  return owner.kind === 'ReplicaSet' && owner.name.endsWith(hash)
    ? `Deployment ${owner.name.slice(0, -hash.length)}`
    : `${owner.kind} ${owner.name}`;
}
