import type { Connection } from '../api/generated/connection.ts';
import type { ConnectionGroup } from '../api/generated/connection-group.ts';
import type { ConnectionRole } from '../api/generated/connection-role.ts';
import { defaultGroup, defaultRole } from '../api/names.ts';
import { isKubeError } from '../kube/kube-error.ts';
import { connectionPath, groupPath, rolePath } from '../kube/resource-paths.ts';
import type { OpenCluster } from './open-cluster.ts';

/** A role or group as the viewer sees it, or why it is not there. */
export type Named<T> = { readonly name: string } & ({ readonly object: T } | { readonly missing: string });

/** Throws an `Error` that says where to look when there is none of that name. */
export async function readConnection({ client }: OpenCluster, namespace: string, name: string): Promise<Connection> {
  try {
    return await client.get<Connection>(connectionPath(namespace, name));
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw error;
    throw new Error(
      `there is no Connection ${name} in namespace ${namespace}: kubectl connection list -A shows those that there are`,
    );
  }
}

/** The role that a Connection names, or the default one. */
export function readRole({ client }: OpenCluster, { spec }: Connection): Promise<Named<ConnectionRole>> {
  const name = spec.roleRef?.name ?? defaultRole;
  return readNamed('ConnectionRole', name, () => client.get<ConnectionRole>(rolePath(name)));
}

/** The group that a Connection names, or the default one. */
export function readGroup({ client }: OpenCluster, { spec }: Connection): Promise<Named<ConnectionGroup>> {
  const name = spec.groupRef?.name ?? defaultGroup;
  return readNamed('ConnectionGroup', name, () => client.get<ConnectionGroup>(groupPath(name)));
}

async function readNamed<T>(kind: string, name: string, read: () => Promise<T>): Promise<Named<T>> {
  try {
    return { name, object: await read() };
  } catch (error) {
    if (isKubeError(error, 'NotFound')) return { name, missing: `There is no ${kind} ${name}: every call is refused.` };
    if (isKubeError(error, 'Forbidden')) return { name, missing: `You may not read ${kind} ${name}.` };
    throw error;
  }
}
