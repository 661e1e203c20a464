/**
 * One connection to a database, or a pool of them. Statements number their parameters from `$1` to `$9`. What fails
 * rejects with `StoreError`.
 */
export interface SqlDatabase {
  /** Rows of a query. Whole numbers may come as text. */
  read<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** How many rows a write changed; it is durable when this resolves. */
  write(statement: string, parameters?: readonly SqlValue[]): Promise<number>;
  /**
   * Runs those of the steps that have not been run yet, in order, all or none, while no other process does the same. More
   * than are known here were run by a newer release: they stay.
   */
  migrate(steps: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export type SqlValue = string | number | null;
