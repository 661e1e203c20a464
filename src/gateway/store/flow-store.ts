import type { FlowCounts, ReportedError } from '../../api/flow-report.ts';

/** What one Connection moved in one hour. */
export interface FlowBucket extends FlowCounts {
  /** `metadata.uid` of the Connection. */
  readonly connection: string;
  /** Start of the UTC hour, in milliseconds since the epoch. */
  readonly hour: number;
}

/** A business error. Technical ones are counted and never stored. */
export interface StoredError {
  readonly connection: string;
  /** Unique. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly error: Omit<ReportedError, 'at'>;
}

/** What one gateway adds at once. The same batch twice is added once. */
export interface FlowBatch {
  /** Names the process that made it; no other one ever has this name. */
  readonly writer: string;
  /** Counted from 1 in each writer, and added in this order. */
  readonly number: number;
  /** Added to what the store has; in the same order in every gateway, so that two never wait for each other. */
  readonly buckets: readonly FlowBucket[];
  readonly errors: readonly StoredError[];
}

/** Sums of one Connection. */
export interface ConnectionSum extends FlowCounts {
  readonly connection: string;
}

/** Sums of one hour. */
export interface HourSum extends FlowCounts {
  readonly hour: number;
}

/** What was moved, hour by hour, and errors. Rejects with `StoreError` when the store is away. */
export interface FlowStore {
  /** Durable when it resolves. When it rejects the same batch has to be tried again before the next one. */
  addFlows(batch: FlowBatch): Promise<void>;
  /** Sums of hours from `since` on, of those Connections (at most 500) that moved anything. */
  sumConnections(connections: readonly string[], since: number): Promise<readonly ConnectionSum[]>;
  /** The same by hour, oldest first. */
  sumHours(connections: readonly string[], since: number): Promise<readonly HourSum[]>;
  /** The newest `most` of the last `within` milliseconds, newest first. */
  listErrors(connection: string, within: number, most: number): Promise<readonly StoredError[]>;
  /** Forgets hours that began more than `kept` milliseconds ago, errors that nobody is shown, and writers long gone. */
  purgeFlows(kept: number): Promise<void>;
}
