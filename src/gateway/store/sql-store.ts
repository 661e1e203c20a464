import type { SqlDatabase } from './sql-database.ts';
import { buildSqlFlowStore } from './sql-flow-store.ts';
import type { Revocation, Store, Warning } from './store.ts';

const day = 24 * 3_600_000;
/** Longer than any page looks back. */
const warningsKept = 30 * day;
/**
 * Milliseconds between the time that a revocation carries and the moment at which others can see it: whoever revokes
 * gives up after 6 s (`postgres-database.ts`) and then has not answered 200. The rest is reserve.
 */
const slowestCommit = 15_000;
/** Rows of one DELETE: short enough for the time limit of a statement, whatever has piled up. */
const purgedAtOnce = 5_000;
/** Warnings that are listed at once. */
const mostWarnings = 10_000;

/** The store in SQL that SQLite and PostgreSQL both understand. `clock` is the database's, in milliseconds. */
export function buildSqlStore(database: SqlDatabase, clock: string): Store {
  const later = (column: string): string =>
    `CASE WHEN excluded.${column} > connection_sessions.${column} THEN excluded.${column} ELSE connection_sessions.${column} END`;
  /** Both, so that a clock that was set, forward or back, hides nothing. */
  const recent = `(revoked_at >= CAST($1 AS BIGINT) OR revoked_at >= ${clock} - ${slowestCommit})`;

  const purge = async (table: string, key: string, condition: string): Promise<void> => {
    const statement = `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${purgedAtOnce})`;
    while ((await database.write(statement)) >= purgedAtOnce);
  };

  return {
    ...buildSqlFlowStore(database, clock),
    async takeRefresh({ session, number, expires }, until) {
      // One statement decides: the first number makes the row, every other one has to find the number before it. A row
      // that was purged has outlived all its tokens by this same clock, so no number of it can be the first again.
      const changed = await database.write(
        `INSERT INTO connection_sessions (id, used, expires)
         SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($4 AS BIGINT)
         WHERE CAST($3 AS BIGINT) > ${clock}
           AND (CAST($2 AS BIGINT) = 1 OR EXISTS (SELECT 1 FROM connection_sessions WHERE id = CAST($1 AS TEXT)))
         ON CONFLICT (id) DO UPDATE SET used = excluded.used, expires = ${later('expires')}
         WHERE connection_sessions.used = excluded.used - 1 AND connection_sessions.revoked_at IS NULL`,
        [session, number, expires, Math.max(expires, until)],
      );
      return changed === 1;
    },
    async isNextRefresh({ session, number, expires }) {
      const [row] = await database.read<{ used: unknown; revoked: unknown; now: unknown }>(
        `SELECT used, revoked_at AS revoked, ${clock} AS now FROM (SELECT 1 AS one) AS always
         LEFT JOIN connection_sessions ON id = $1`,
        [session],
      );
      return row?.revoked === null && Number(row.used ?? 0) === number - 1 && expires > Number(row.now);
    },
    async revokeSession(session, expires) {
      await database.write(
        `INSERT INTO connection_sessions (id, used, expires, revoked_at) VALUES ($1, 0, $2, ${clock})
         ON CONFLICT (id) DO UPDATE SET revoked_at = ${clock}, expires = ${later('expires')}`,
        [session, expires],
      );
    },
    async revokeToken(token, expires) {
      await database.write(
        `INSERT INTO connection_revoked_tokens (id, expires, revoked_at) VALUES ($1, $2, ${clock})
         ON CONFLICT (id) DO NOTHING`,
        [token, expires],
      );
    },
    async listRevoked(since) {
      const rows = await database.read<Revocation>(
        `SELECT id, expires, revoked_at AS at FROM connection_sessions WHERE ${recent}
         UNION ALL SELECT id, expires, revoked_at AS at FROM connection_revoked_tokens WHERE ${recent}`,
        [since - slowestCommit],
      );
      return rows.map(({ id, at, expires }) => ({ id, at: Number(at), expires: Number(expires) }));
    },
    async recordWarning({ connection, kind, detail, at }, unlessSince) {
      const changed = await database.write(
        `INSERT INTO connection_warnings (connection, kind, detail, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (connection, kind, detail) DO UPDATE SET at = excluded.at WHERE connection_warnings.at < $5`,
        [connection, kind, detail, at, unlessSince],
      );
      return changed === 1;
    },
    async listWarnings(connection, within) {
      const rows = await database.read<Warning>(
        `SELECT connection, kind, detail, at FROM connection_warnings
         WHERE connection = $1 AND at >= ${clock} - CAST($2 AS BIGINT) ORDER BY at DESC, kind, detail`,
        [connection, within],
      );
      return rows.map((row) => ({ ...row, at: Number(row.at) }));
    },
    async listAllWarnings(within) {
      const rows = await database.read<Warning>(
        `SELECT connection, kind, detail, at FROM connection_warnings WHERE at >= ${clock} - CAST($1 AS BIGINT)
         ORDER BY at DESC, connection, kind, detail LIMIT ${mostWarnings}`,
        [within],
      );
      return rows.map((row) => ({ ...row, at: Number(row.at) }));
    },
    async purge() {
      await purge('connection_sessions', 'id', `expires < ${clock}`);
      await purge('connection_revoked_tokens', 'id', `expires < ${clock}`);
      await database.write(`DELETE FROM connection_warnings WHERE at < ${clock} - ${warningsKept}`);
    },
    close: () => database.close(),
  };
}
