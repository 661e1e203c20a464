import type { Connection } from '../../api/generated/connection.ts';
import type { ConnectionGroup } from '../../api/generated/connection-group.ts';
import type { ConnectionRole } from '../../api/generated/connection-role.ts';
import { defaultGroup, defaultRole, labels } from '../../api/names.ts';
import type { Secret } from '../../api/secret.ts';
import { codeOf } from '../../credentials/code.ts';
import type { ObjectStore, StoreIndex } from '../../kube/list-watch.ts';

/** What the watches hold, with the look-ups that decisions and notifications need. */
export interface ClusterCache {
  readonly connections: ObjectStore<Connection>;
  readonly roles: ObjectStore<ConnectionRole>;
  readonly groups: ObjectStore<ConnectionGroup>;
  /** Secrets with our label only. */
  readonly secrets: ObjectStore<Secret>;
  /** Connections by code, in lower case. */
  readonly byCode: StoreIndex<Connection>;
  /** Connections by the client id and by the username that they were issued. */
  readonly byIdentity: StoreIndex<Connection>;
  readonly byNamespace: StoreIndex<Connection>;
  readonly byRole: StoreIndex<Connection>;
  readonly byGroup: StoreIndex<Connection>;
  /** Secrets by the path of the Connection that their label names. */
  readonly secretsByConnection: StoreIndex<Secret>;
}

/** The stores, indexed. */
export function buildClusterCache(
  stores: Pick<ClusterCache, 'connections' | 'roles' | 'groups' | 'secrets'>,
): ClusterCache {
  const { connections, secrets } = stores;
  return {
    ...stores,
    byCode: connections.addIndex((connection) => [codeOf(connection).toLowerCase()]),
    byIdentity: connections.addIndex(identityOf),
    byNamespace: connections.addIndex(({ metadata }) => [metadata.namespace]),
    byRole: connections.addIndex(({ spec }) => [spec.roleRef?.name ?? defaultRole]),
    byGroup: connections.addIndex(({ spec }) => [spec.groupRef?.name ?? defaultGroup]),
    secretsByConnection: secrets.addIndex(({ metadata }) => {
      const name = metadata.labels?.[labels.connection];
      return name === undefined ? [] : [`${metadata.namespace}/${name}`];
    }),
  };
}

/** The names that a Connection was issued; none while its status is another object's. */
export function identityOf({ metadata, status }: Connection): readonly string[] {
  if (status?.credentials?.uid !== metadata.uid) return [];
  return [status.clientId, status.username].filter((name) => name !== undefined);
}
