import type { Connection } from '../../api/generated/connection.ts';
import type { ConnectionGroup } from '../../api/generated/connection-group.ts';
import type { ConnectionRole } from '../../api/generated/connection-role.ts';

/** A role or group that a Connection names, or why it may not be used: then every call is 403. */
export type Reference<T> =
  | { readonly state: 'allowed'; readonly object: T }
  | { readonly state: 'notFound' | 'notAllowed'; readonly name: string };

/**
 * The Connections, roles and groups as of the last event of the watches. Every look-up is by hand of a map; nothing is
 * cached behind it, so what the API server said last is in force.
 */
export interface Directory {
  /**
   * The Connection that this client id belongs to. Of several that claim it (or the code that it was issued under) the
   * one that goes first; `undefined` for unknown ones, and for a Connection that lost its claim.
   */
  findByClientId(clientId: string): Connection | undefined;
  /** As `findByClientId`, by username. */
  findByUsername(username: string): Connection | undefined;
  /** By `metadata.uid`; `undefined` also for a Connection that lost its claim to its code or names. */
  findByUid(uid: string): Connection | undefined;
  findRole(connection: Connection): Reference<ConnectionRole>;
  findGroup(connection: Connection): Reference<ConnectionGroup>;
  /** All Connections that this gateway answers for, in no order. */
  connections(): IterableIterator<Connection>;
  /** Milliseconds, on a monotonic clock, since the slowest watch last gave a proof of life; infinity before the first. */
  staleness(): number;
}

/** What happened to a Connection. */
export interface ConnectionChange {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly connection: Connection;
}
