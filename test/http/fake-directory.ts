import type { Connection } from '../../src/api/generated/connection.ts';
import type { ConnectionGroup, ConnectionGroupSpec } from '../../src/api/generated/connection-group.ts';
import type { ConnectionRole, ConnectionRoleSpec } from '../../src/api/generated/connection-role.ts';
import type { Directory, Reference } from '../../src/gateway/directory/directory.ts';

/** A directory that a test fills and changes. Roles and groups are looked up by the names in `roleRef` and `groupRef`. */
export class FakeDirectory implements Directory {
  readonly all: Map<string, Connection> = new Map();
  readonly roles: Map<string, ConnectionRoleSpec> = new Map();
  readonly groups: Map<string, ConnectionGroupSpec> = new Map();
  /** Roles and groups that the namespaces of Connections may not use. */
  readonly notAllowed: Set<string> = new Set();
  /** Milliseconds. */
  age = 0;

  add(connection: Connection): void {
    this.all.set(connection.metadata.name, connection);
  }

  findByClientId(clientId: string): Connection | undefined {
    return [...this.all.values()].find(({ status }) => status?.clientId === clientId);
  }

  findByUsername(username: string): Connection | undefined {
    return [...this.all.values()].find(({ status }) => status?.username === username);
  }

  findByUid(uid: string): Connection | undefined {
    return [...this.all.values()].find(({ metadata }) => metadata.uid === uid);
  }

  findRole({ spec }: Connection): Reference<ConnectionRole> {
    return this.#find('ConnectionRole', this.roles, spec.roleRef?.name ?? 'user') as Reference<ConnectionRole>;
  }

  findGroup({ spec }: Connection): Reference<ConnectionGroup> {
    return this.#find('ConnectionGroup', this.groups, spec.groupRef?.name ?? 'all') as Reference<ConnectionGroup>;
  }

  connections(): IterableIterator<Connection> {
    return this.all.values();
  }

  staleness(): number {
    return this.age;
  }

  #find(kind: string, table: ReadonlyMap<string, object>, name: string): Reference<unknown> {
    const spec = table.get(name);
    if (spec === undefined) return { state: 'notFound', name };
    if (this.notAllowed.has(name)) return { state: 'notAllowed', name };
    return { state: 'allowed', object: { kind, metadata: { name }, spec } };
  }
}
