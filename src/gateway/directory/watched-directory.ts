import type { Connection } from '../../api/generated/connection.ts';
import type { ConnectionGroup } from '../../api/generated/connection-group.ts';
import type { ConnectionRole } from '../../api/generated/connection-role.ts';
import { defaultGroup, defaultRole } from '../../api/names.ts';
import { compareClaims } from '../../credentials/claim-order.ts';
import { codeOf } from '../../credentials/code.ts';
import { decodeObject } from '../../kube/decode-object.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import type { KubeLog } from '../../kube/kube-log.ts';
import { ListWatch, type ObjectStore, type StoreIndex } from '../../kube/list-watch.ts';
import { WatchedStore } from '../../kube/object-store.ts';
import { connectionsPath, groupsPath, rolesPath } from '../../kube/resource-paths.ts';
import type { ConnectionChange, Directory, Reference } from './directory.ts';

export interface DirectoryOptions {
  readonly client: KubeClient;
  readonly log: KubeLog;
  /** Namespaces whose Connections exist for this gateway; empty: all. */
  readonly namespaces: readonly string[];
  /** Label selector of Connections; empty: all. */
  readonly selector: string;
  /** As `ListWatchOptions.renewEvery`. */
  readonly renewEvery?: number;
  /** Called for each change after it is in force. Must not throw or wait. */
  readonly onChange?: (change: ConnectionChange) => void;
}

/** A directory that list-watches keep up to date, with nobody else's help: the operator may be down. */
export class WatchedDirectory implements Directory {
  readonly #watches: { start(signal: AbortSignal): Promise<void>; lastAlive(): number }[] = [];
  readonly #connections: ObjectStore<Connection>;
  readonly #roles: ObjectStore<ConnectionRole>;
  readonly #groups: ObjectStore<ConnectionGroup>;
  readonly #byUid: StoreIndex<Connection>;
  readonly #byName: StoreIndex<Connection>;
  readonly #byCode: StoreIndex<Connection>;

  constructor(options: DirectoryOptions) {
    this.#connections = this.#watchConnections(options);
    this.#roles = this.#watchAll<ConnectionRole>(options, rolesPath());
    this.#groups = this.#watchAll<ConnectionGroup>(options, groupsPath());
    this.#byUid = this.#connections.addIndex(({ metadata }) => [metadata.uid]);
    this.#byName = this.#connections.addIndex(namesOf);
    this.#byCode = this.#connections.addIndex((connection) => [codeOf(connection).toLowerCase()]);
  }

  /** Resolves when everything was listed once; runs until `signal` fires. */
  async start(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.start(signal)));
  }

  findByClientId(clientId: string): Connection | undefined {
    return this.#findHolder(clientId, ({ status }) => status?.clientId === clientId);
  }

  findByUsername(username: string): Connection | undefined {
    return this.#findHolder(username, ({ status }) => status?.username === username);
  }

  findByUid(uid: string): Connection | undefined {
    const [connection] = this.#byUid.get(uid);
    return connection && this.#holdsItsNames(connection) ? connection : undefined;
  }

  findRole({ metadata, spec }: Connection): Reference<ConnectionRole> {
    return readReference(this.#roles, spec.roleRef?.name ?? defaultRole, metadata.namespace);
  }

  findGroup({ metadata, spec }: Connection): Reference<ConnectionGroup> {
    return readReference(this.#groups, spec.groupRef?.name ?? defaultGroup, metadata.namespace);
  }

  connections(): IterableIterator<Connection> {
    return this.#connections.values();
  }

  staleness(): number {
    return performance.now() - Math.min(...this.#watches.map((watch) => watch.lastAlive()));
  }

  #findHolder(name: string, has: (connection: Connection) => boolean): Connection | undefined {
    const holder = firstOf([...this.#byName.get(name)].filter(has));
    return holder && this.#holdsItsNames(holder) ? holder : undefined;
  }

  /** Whether nobody goes before this Connection in the claim to its code, its client id and its username. */
  #holdsItsNames(connection: Connection): boolean {
    const claims = [
      this.#byCode.get(codeOf(connection).toLowerCase()),
      ...namesOf(connection).map((name) => this.#byName.get(name)),
    ];
    return claims.every((claimants) => firstOf(claimants) === connection);
  }

  #watchConnections({
    client,
    log,
    namespaces,
    selector,
    renewEvery,
    onChange,
  }: DirectoryOptions): ObjectStore<Connection> {
    const store = new WatchedStore<Connection>();
    const common = {
      decode: (raw: unknown) => decodeObject<Connection>(raw),
      onChange: ({ type, object }: { type: ConnectionChange['type']; object: Connection }) =>
        onChange?.({ type, connection: object }),
      log,
      ...(renewEvery !== undefined && { renewEvery }),
      ...(selector !== '' && { query: { labelSelector: selector } }),
    };
    if (namespaces.length === 0) {
      const watch = new ListWatch<Connection>(client, { ...common, path: connectionsPath() });
      this.#watches.push(watch);
      return watch.store;
    }
    for (const namespace of namespaces) {
      const share = { store, namespace };
      this.#watches.push(new ListWatch<Connection>(client, { ...common, path: connectionsPath(namespace), share }));
    }
    return store;
  }

  #watchAll<T extends ConnectionRole | ConnectionGroup>(
    { client, log, renewEvery }: DirectoryOptions,
    path: string,
  ): ObjectStore<T> {
    const renew = renewEvery !== undefined && { renewEvery };
    const watch = new ListWatch<T>(client, { path, log, ...renew, decode: (raw) => decodeObject<T>(raw) });
    this.#watches.push(watch);
    return watch.store;
  }
}

/** Client id and username, once issued to this very object. */
function namesOf({ metadata, status }: Connection): readonly string[] {
  if (status?.credentials?.uid !== metadata.uid) return [];
  return [status.clientId, status.username].filter((name) => name !== undefined);
}

function firstOf(connections: Iterable<Connection>): Connection | undefined {
  let first: Connection | undefined;
  for (const connection of connections) {
    if (!first || compareClaims(connection, first) < 0) first = connection;
  }
  return first;
}

function readReference<T extends ConnectionRole | ConnectionGroup>(
  store: ObjectStore<T>,
  name: string,
  namespace: string,
): Reference<T> {
  const object = store.get(undefined, name);
  if (!object) return { state: 'notFound', name };
  const { namespaces } = object.spec;
  return namespaces && !namespaces.includes(namespace) ? { state: 'notAllowed', name } : { state: 'allowed', object };
}
