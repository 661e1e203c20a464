/**
 * One connection to a database, or a pool of them. Statements number their parameters from `$1` on. What fails rejects
 * with `StoreError`.
 */
export interface SqlDatabase {
  /** Rows of a query. Whole numbers may come as text. */
  read<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** How many rows a write changed; it is durable when this resolves. */
  write(statement: string, parameters?: readonly SqlValue[]): Promise<number>;
  /**
   * Runs `guard` and, when it changed a row, the other writes, all in one transaction. False when it changed none: then
   * nothing was written. When this rejects, all of it was written or nothing, and it is not known which.
   */
  writeTogether(guard: Statement, writes: readonly Statement[]): Promise<boolean>;
  /**
   * Runs those of the steps that have not been run yet, in order, all or none, while no other process does the same. More
   * than are known here were run by a newer release: they stay.
   */
  migrate(steps: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface Statement {
  readonly text: string;
  readonly parameters: readonly SqlValue[];
}

export type SqlValue = string | number | null;
