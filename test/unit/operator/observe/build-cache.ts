import type { Connection } from '../../../../src/api/generated/connection.ts';
import type { ConnectionGroup } from '../../../../src/api/generated/connection-group.ts';
import type { ConnectionRole } from '../../../../src/api/generated/connection-role.ts';
import type { Secret } from '../../../../src/api/secret.ts';
import { WatchedStore } from '../../../../src/kube/object-store.ts';
import { buildClusterCache, type ClusterCache } from '../../../../src/operator/observe/cluster-cache.ts';

/** A cache in which the watches have told of these. */
export function buildCache(connections: readonly Connection[], secrets: readonly Secret[] = []): ClusterCache {
  const stores = {
    connections: new WatchedStore<Connection>(),
    secrets: new WatchedStore<Secret>(),
    roles: new WatchedStore<ConnectionRole>(),
    groups: new WatchedStore<ConnectionGroup>(),
  };
  const cache = buildClusterCache(stores);
  for (const connection of connections) stores.connections.take(connection);
  for (const secret of secrets) stores.secrets.take(secret);
  return cache;
}
