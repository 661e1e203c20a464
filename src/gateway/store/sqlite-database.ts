import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { StoreError } from './store.ts';

/** The wall clock in milliseconds, as SQL. */
export const sqliteClock = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/**
 * A SQLite file for exactly one process, durable after each write. Throws an `Error` whose message says what to do when
 * another process has the file.
 */
export function openSqlite(file: string): SqlDatabase {
  const database = openExclusively(file);
  const statements = new Map<string, StatementSync>();
  const prepare = (text: string): StatementSync => {
    const known = statements.get(text) ?? database.prepare(text.replaceAll(/\$(\d)/g, '?$1'));
    statements.set(text, known);
    return known;
  };
  return {
    read: async <Row>(text: string, parameters: readonly SqlValue[] = []) =>
      attempt(() => prepare(text).all(...parameters) as unknown as readonly Row[]),
    write: async (text, parameters = []) => attempt(() => Number(prepare(text).run(...parameters).changes)),
    migrate: async (steps) => {
      database.exec('BEGIN IMMEDIATE');
      const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
      for (const step of steps.slice(version)) database.exec(step);
      database.exec(`PRAGMA user_version = ${steps.length}`);
      database.exec('COMMIT');
    },
    close: async () => database.close(),
  };
}

function openExclusively(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    // The lock of this mode is taken by the first write and kept until the process ends, however it ends.
    database.exec('BEGIN EXCLUSIVE');
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new Error(
      `${file} is in use by another gateway. A SQLite store is for exactly one: stop the other one, or set flows.store to a PostgreSQL address.`,
    );
  }
}

function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new StoreError(`SQLite: ${error instanceof Error ? error.message : 'unknown trouble'}`);
  }
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode;
  return code === 5 || code === 6;
}
