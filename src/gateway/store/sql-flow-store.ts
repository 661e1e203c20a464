import { flowEvents } from '../../flows/add-counts.ts';
import type { ConnectionSum, FlowStore, HourSum, StoredError } from './flow-store.ts';
import type { SqlDatabase, SqlValue, Statement } from './sql-database.ts';

const day = 24 * 3_600_000;
/** As pages show them. */
const errorsKept = 7 * day;
const errorsOfConnection = 100;
/** A writer that was silent for so long will not repeat a batch: what it still had would be older than any page. */
const writersKept = 45 * day;
/** Rows of one INSERT. */
const rowsAtOnce = 50;
const purgedAtOnce = 5_000;

const events = flowEvents.join(', ');
const sums = flowEvents.map((event) => `SUM(${event}) AS ${event}`).join(', ');
const additions = flowEvents.map((event) => `${event} = connection_flow_hours.${event} + excluded.${event}`).join(', ');
const adding = `ON CONFLICT (connection, hour) DO UPDATE SET ${additions}`;

type Row = Readonly<Record<string, unknown>>;

/** Flows in SQL that SQLite and PostgreSQL both understand. `clock` is the database's, in milliseconds. */
export function buildSqlFlowStore(database: SqlDatabase, clock: string): FlowStore {
  const purge = async (table: string, key: string, condition: string): Promise<void> => {
    const text = `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${purgedAtOnce})`;
    while ((await database.write(text)) >= purgedAtOnce);
  };

  return {
    async addFlows({ writer, number, buckets, errors }) {
      // The number goes up together with the counts, or neither does: a batch that comes again changes nothing.
      const guard: Statement = {
        text: `INSERT INTO connection_flow_writers (id, batch, at) VALUES ($1, $2, ${clock})
               ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, at = excluded.at
               WHERE connection_flow_writers.batch < excluded.batch`,
        parameters: [writer, number],
      };
      const bucketRows = buckets.map((row) => [row.connection, row.hour, ...flowEvents.map((event) => row[event])]);
      const errorRows = errors.map(({ connection, id, at, error }) => [id, connection, at, JSON.stringify(error)]);
      await database.writeTogether(guard, [
        ...buildInserts(`connection_flow_hours (connection, hour, ${events})`, bucketRows, adding),
        ...buildInserts('connection_flow_errors (id, connection, at, error)', errorRows, ''),
      ]);
    },
    async sumConnections(connections, since) {
      if (connections.length === 0) return [];
      const rows = await database.read<Row>(
        `SELECT connection, ${sums} FROM connection_flow_hours
         WHERE connection IN (${buildList(connections, 1)}) AND hour >= $1 GROUP BY connection`,
        [since, ...connections],
      );
      return rows.map((row): ConnectionSum => ({ connection: String(row.connection), ...readCounts(row) }));
    },
    async sumHours(connections, since) {
      if (connections.length === 0) return [];
      const rows = await database.read<Row>(
        `SELECT hour, ${sums} FROM connection_flow_hours
         WHERE connection IN (${buildList(connections, 1)}) AND hour >= $1 GROUP BY hour ORDER BY hour`,
        [since, ...connections],
      );
      return rows.map((row): HourSum => ({ hour: Number(row.hour), ...readCounts(row) }));
    },
    async listErrors(connection, within, most) {
      const rows = await database.read<Row>(
        `SELECT id, at, error FROM connection_flow_errors
         WHERE connection = $1 AND at >= ${clock} - CAST($2 AS BIGINT) ORDER BY at DESC, id LIMIT $3`,
        [connection, within, most],
      );
      return rows.map(({ id, at, error }): StoredError => {
        return { connection, id: String(id), at: Number(at), error: JSON.parse(String(error)) };
      });
    },
    async purgeFlows(kept) {
      const outdated = `hour <= ${clock} - ${Math.floor(kept)} - 3600000`;
      // Not by a key of two columns: hours are few, and each is a delete of its own.
      const hours = await database.read<Row>(`SELECT DISTINCT hour FROM connection_flow_hours WHERE ${outdated}`);
      for (const { hour } of hours) {
        await database.write('DELETE FROM connection_flow_hours WHERE hour = $1', [Number(hour)]);
      }
      await purge('connection_flow_errors', 'id', `at < ${clock} - ${errorsKept}`);
      await purge('connection_flow_writers', 'id', `at < ${clock} - ${writersKept}`);
      const crowded = await database.read<Row>(
        `SELECT connection FROM connection_flow_errors GROUP BY connection HAVING COUNT(*) > ${errorsOfConnection}`,
      );
      for (const { connection } of crowded) {
        await database.write(
          `DELETE FROM connection_flow_errors WHERE connection = $1 AND id NOT IN (
             SELECT id FROM connection_flow_errors WHERE connection = $1 ORDER BY at DESC, id LIMIT ${errorsOfConnection})`,
          [String(connection)],
        );
      }
    },
  };
}

/** INSERTs of all rows, some at once. */
function buildInserts(target: string, rows: readonly (readonly SqlValue[])[], onConflict: string): Statement[] {
  const statements: Statement[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce);
    let at = 0;
    const values = some.map((row) => `(${row.map(() => `$${++at}`).join(', ')})`).join(', ');
    statements.push({ text: `INSERT INTO ${target} VALUES ${values} ${onConflict}`, parameters: some.flat() });
  }
  return statements;
}

function buildList(values: readonly unknown[], after: number): string {
  return values.map((_, at) => `$${at + 1 + after}`).join(', ');
}

function readCounts(row: Row): Pick<ConnectionSum, (typeof flowEvents)[number]> {
  const [created, updated, sent, business, technical] = flowEvents.map((event) => Number(row[event] ?? 0));
  return {
    created: created ?? 0,
    updated: updated ?? 0,
    sent: sent ?? 0,
    business: business ?? 0,
    technical: technical ?? 0,
  };
}
