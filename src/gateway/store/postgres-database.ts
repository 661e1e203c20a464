import pg from 'pg';
import type { SqlDatabase, SqlValue } from './sql-database.ts';
import { StoreError } from './store.ts';

/** The database's clock in milliseconds, as SQL: one for all gateways. */
export const postgresClock = 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)';

/** Any number that other programs in the same database are unlikely to lock. */
const migrationLock = 7_110_451;
const timeout = 5_000;

/** A pool of connections to PostgreSQL. Opens none before the first statement. */
export function openPostgres(url: string): SqlDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: timeout,
    statement_timeout: timeout,
    // A commit is under no time limit of the server: whoever waits gives up, and has not answered that it is written.
    query_timeout: timeout + 1_000,
  });
  // Without a listener a connection that breaks while idle would end the process; the next statement opens another.
  pool.on('error', () => {});
  const query = async (text: string, parameters: readonly SqlValue[] = []) => {
    try {
      return await pool.query(text, [...parameters]);
    } catch (error) {
      throw translate(error);
    }
  };
  return {
    read: async <Row>(text: string, parameters?: readonly SqlValue[]) => (await query(text, parameters)).rows as Row[],
    write: async (text, parameters) => (await query(text, parameters)).rowCount ?? 0,
    writeTogether: (guard, writes) =>
      transact(pool, async (client) => {
        const { rowCount } = await client.query(guard.text, [...guard.parameters]);
        if (rowCount === 0) return false;
        for (const { text, parameters } of writes) await client.query(text, [...parameters]);
        return true;
      }),
    migrate: (steps) => transact(pool, (client) => migrate(client, steps)),
    close: () => pool.end(),
  };
}

/** All or nothing; after a failure it may be that all of it was written. */
async function transact<T>(pool: pg.Pool, call: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    // As for the pool, while the connection is not in it.
    client.on('error', ignore);
    await client.query('BEGIN');
    const result = await call(client);
    await client.query('COMMIT');
    client.off('error', ignore);
    client.release();
    return result;
  } catch (error) {
    // What is left of the transaction ends with the connection.
    client?.release(true);
    throw translate(error);
  }
}

const ignore = (): void => {};

/** Gateways that start together wait for each other. */
async function migrate(client: pg.PoolClient, steps: readonly string[]): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
  await client.query('CREATE TABLE IF NOT EXISTS connection_schema (version INTEGER NOT NULL)');
  const { rows } = await client.query<{ version: number }>('SELECT version FROM connection_schema');
  const version = rows[0]?.version ?? 0;
  if (version >= steps.length) return;
  for (const step of steps.slice(version)) await client.query(step);
  await client.query('DELETE FROM connection_schema');
  await client.query('INSERT INTO connection_schema (version) VALUES ($1)', [steps.length]);
}

const meanings: Readonly<Record<string, string>> = {
  '08P01': 'a pooler in between refuses statement_timeout (ignore_startup_parameters lets it pass)',
  '28000': 'this user may not connect',
  '28P01': 'wrong user or password',
  '3D000': 'there is no such database',
  '42501': 'this user may not create or use the tables',
  '53300': 'too many connections',
  '57P03': 'it is starting or stopping',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host is not known',
  ERR_INVALID_URL: 'the address cannot be read',
};

/** The code alone: messages of the driver may hold parameters or the address with its password. */
function translate(error: unknown): StoreError {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return new StoreError('PostgreSQL: no answer');
  const meaning = meanings[code];
  return new StoreError(`PostgreSQL: ${meaning === undefined ? code : `${meaning} (${code})`}`);
}
