import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import type { SqlDatabase, SqlValue, Statement } from './sql-database.ts';
import { StoreError } from './store.ts';

/** The wall clock in milliseconds, as SQL. */
export const sqliteClock = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/**
 * A SQLite file for exactly one process, durable after each write. Throws an `Error` whose message says what to do when
 * another process has the file, or when it cannot be opened.
 */
export function openSqlite(file: string): SqlDatabase {
  const database = openExclusively(file);
  // Most are asked for again and again; those that differ by the number of rows come and go.
  const statements = new LRUCache<string, StatementSync>({ max: 100 });
  const prepare = (text: string): StatementSync => {
    const known = statements.get(text) ?? database.prepare(text.replaceAll(/\$(\d+)/g, '?$1'));
    statements.set(text, known);
    return known;
  };
  const run = ({ text, parameters }: Statement): number => Number(prepare(text).run(...parameters).changes);
  return {
    read: async <Row>(text: string, parameters: readonly SqlValue[] = []) =>
      attempt(() => prepare(text).all(...parameters) as unknown as readonly Row[]),
    write: async (text, parameters = []) => attempt(() => run({ text, parameters })),
    writeTogether: async (guard, writes) =>
      attempt(() =>
        transact(database, () => {
          if (run(guard) === 0) return false;
          for (const write of writes) run(write);
          return true;
        }),
      ),
    migrate: async (steps) => attempt(() => migrate(database, steps)),
    close: async () => database.close(),
  };
}

function migrate(database: DatabaseSync, steps: readonly string[]): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version >= steps.length) return;
  transact(database, () => {
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

function transact<T>(database: DatabaseSync, call: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = call();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function openExclusively(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    // The lock of this mode is taken by the first write and kept until the process ends, however it ends.
    database.exec('BEGIN EXCLUSIVE');
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database?.close();
    throw new Error(
      isBusy(error)
        ? `${file} is in use by another gateway. A SQLite store is for exactly one: stop the other one, or set flows.store to a PostgreSQL address.`
        : `${file} cannot be opened as a SQLite store: ${readReason(error)}. Its folder has to exist and be writable.`,
    );
  }
}

function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new StoreError(`SQLite: ${readReason(error)}`);
  }
}

/** SQLite's own words name tables and columns, never values. */
function readReason(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown trouble';
}

/** SQLITE_BUSY and SQLITE_LOCKED, whatever their extended code. */
function isBusy(error: unknown): boolean {
  const code = Number((error as { errcode?: unknown }).errcode) & 0xff;
  return code === 5 || code === 6;
}
