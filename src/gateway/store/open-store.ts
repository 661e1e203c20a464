import { openPostgres, postgresClock } from './postgres-database.ts';
import { schemaSteps } from './schema.ts';
import { buildSqlStore } from './sql-store.ts';
import { openSqlite, sqliteClock } from './sqlite-database.ts';
import type { Store } from './store.ts';

/**
 * Opens the store at `sqlite:FILE` or `postgres://…` and brings its tables up to date. Rejects with a sentence for people
 * when the address is of another form, the file is in use, or the database gives no answer.
 */
export async function openStore(address: string): Promise<Store> {
  const file = /^sqlite:(.+)$/.exec(address)?.[1];
  if (file === undefined && !/^postgres(ql)?:\/\//.test(address)) {
    throw new Error('flows.store: write sqlite:FILE or postgres://user:password@host/database');
  }
  const database = file === undefined ? openPostgres(address) : openSqlite(file);
  try {
    await database.migrate(schemaSteps);
  } catch (error) {
    await database.close().catch(() => {});
    throw error;
  }
  return buildSqlStore(database, file === undefined ? postgresClock : sqliteClock);
}

/** Whether this address is of a store for exactly one gateway. */
export function isSingleStore(address: string): boolean {
  return address.startsWith('sqlite:');
}
