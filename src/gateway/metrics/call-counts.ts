import type { Connection } from '../../api/generated/connection.ts';
import type { ConnectionChange } from '../directory/directory.ts';
import { type Decision, decisions } from './decision.ts';

/** What is warned of. A pair counts once, for the Connection of the client. */
export type WarningKind = 'retiredValue' | 'wrongPair';

/** In the order in which they are shown. */
const warningKinds: readonly WarningKind[] = ['retiredValue', 'wrongPair'];

/** What is counted of one Connection. */
export interface ConnectionCounts {
  readonly namespace: string;
  readonly connection: string;
  readonly decisions: Readonly<Record<Decision, number>>;
  readonly warnings: Readonly<Record<WarningKind, number>>;
}

interface Entry {
  readonly namespace: string;
  readonly connection: string;
  readonly decisions: Record<Decision, number>;
  readonly warnings: Record<WarningKind, number>;
}

/** What is counted of one permission, over all Connections. */
export interface PermissionCounts {
  readonly permission: string;
  readonly decisions: Readonly<Record<Decision, number>>;
}

/**
 * Counts by Connection, of those that exist: the counts of one go with it, whatever is still under way. And by what
 * allowed a call or would have. Counting is part of every call, the metrics are made of it when somebody asks.
 */
export class CallCounts {
  readonly #byUid = new Map<string, Entry>();
  readonly #unknown = buildEntry('', '');
  readonly #byPermission = new Map<string, Record<Decision, number>>();

  /** Every change of a Connection, in order. */
  observe({ type, connection }: ConnectionChange): void {
    const { uid, namespace, name } = connection.metadata;
    if (type === 'deleted') this.#byUid.delete(uid);
    else if (!this.#byUid.has(uid)) this.#byUid.set(uid, buildEntry(namespace, name));
  }

  /** @param connection absent: nobody is known to have called. */
  count(decision: Decision, connection: Connection | undefined): void {
    const entry = connection === undefined ? this.#unknown : this.#byUid.get(connection.metadata.uid);
    if (entry !== undefined) entry.decisions[decision]++;
  }

  /** @param permission of a bounded set. */
  countPermission(permission: string, decision: Decision): void {
    let counts = this.#byPermission.get(permission);
    if (counts === undefined) {
      counts = buildZeros(decisions);
      this.#byPermission.set(permission, counts);
    }
    counts[decision]++;
  }

  countWarning(kind: WarningKind, connection: Connection): void {
    const entry = this.#byUid.get(connection.metadata.uid);
    if (entry !== undefined) entry.warnings[kind]++;
  }

  /** Connections that exist. */
  get size(): number {
    return this.#byUid.size;
  }

  /** Those of nobody first, with empty names. */
  *read(): IterableIterator<ConnectionCounts> {
    yield this.#unknown;
    yield* this.#byUid.values();
  }

  /** Those that were asked for at least once. */
  *readPermissions(): IterableIterator<PermissionCounts> {
    for (const [permission, decisions] of this.#byPermission) yield { permission, decisions };
  }
}

function buildEntry(namespace: string, connection: string): Entry {
  return { namespace, connection, decisions: buildZeros(decisions), warnings: buildZeros(warningKinds) };
}

function buildZeros<T extends string>(names: readonly T[]): Record<T, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<T, number>;
}
