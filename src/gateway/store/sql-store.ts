import type { SqlDatabase } from './sql-database.ts';
import type { Revocation, Store, Warning } from './store.ts';

const day = 24 * 3_600_000;
/** Longer than any page looks back. */
const warningsKept = 30 * day;

/** The store in SQL that SQLite and PostgreSQL both understand. `clock` is the database's, where several share it. */
export function buildSqlStore(database: SqlDatabase, clock: string): Store {
  return {
    async takeRefresh(session, number, expires) {
      // One statement decides: the first number makes the row, every other one has to find the number before it.
      const changed = await database.write(
        `INSERT INTO sessions (id, used, expires)
         SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT)
         WHERE CAST($2 AS BIGINT) = 1 OR EXISTS (SELECT 1 FROM sessions WHERE id = CAST($1 AS TEXT))
         ON CONFLICT (id) DO UPDATE SET used = excluded.used, expires = excluded.expires
         WHERE sessions.used = excluded.used - 1 AND sessions.revoked_at IS NULL`,
        [session, number, expires],
      );
      return changed === 1;
    },
    async revokeSession(session, expires) {
      await database.write(
        `INSERT INTO sessions (id, used, expires, revoked_at) VALUES ($1, 0, $2, ${clock})
         ON CONFLICT (id) DO UPDATE SET revoked_at = ${clock} WHERE sessions.revoked_at IS NULL`,
        [session, expires],
      );
    },
    async revokeToken(token, expires) {
      await database.write(
        `INSERT INTO revoked_tokens (id, expires, revoked_at) VALUES ($1, $2, ${clock}) ON CONFLICT (id) DO NOTHING`,
        [token, expires],
      );
    },
    async listRevoked(since) {
      const rows = await database.read<Revocation>(
        `SELECT id, expires, revoked_at AS at FROM sessions WHERE revoked_at >= $1
         UNION ALL SELECT id, expires, revoked_at AS at FROM revoked_tokens WHERE revoked_at >= $1`,
        [since],
      );
      return rows.map(({ id, at, expires }) => ({ id, at: Number(at), expires: Number(expires) }));
    },
    async recordWarning({ connection, kind, detail, at }) {
      await database.write(
        `INSERT INTO warnings (connection, kind, detail, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (connection, kind, detail) DO UPDATE SET at = excluded.at WHERE warnings.at < excluded.at`,
        [connection, kind, detail, at],
      );
    },
    async listWarnings(connection, within) {
      const rows = await database.read<Warning>(
        `SELECT connection, kind, detail, at FROM warnings WHERE connection = $1 AND at >= ${clock} - CAST($2 AS BIGINT)
         ORDER BY at DESC`,
        [connection, within],
      );
      return rows.map((row) => ({ ...row, at: Number(row.at) }));
    },
    async purge(now) {
      await database.write('DELETE FROM sessions WHERE expires < $1', [now]);
      await database.write('DELETE FROM revoked_tokens WHERE expires < $1', [now]);
      await database.write('DELETE FROM warnings WHERE at < $1', [now - warningsKept]);
    },
    close: () => database.close(),
  };
}
