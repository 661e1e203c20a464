/** One connection to a database, or a pool of them. Statements number their parameters: `$1`, `$2`. */
export interface SqlDatabase {
  /** Rows of a query. */
  read<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** How many rows a write changed; it is durable when this resolves. */
  write(statement: string, parameters?: readonly SqlValue[]): Promise<number>;
  /** Runs statements one after the other, all or none, while no other process does the same. */
  migrate(steps: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export type SqlValue = string | number | null;
