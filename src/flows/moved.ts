import type { FlowCounts, ReportedError } from '../api/flow-report.ts';

/** A business error before it has a time and a route. */
export type FlowError = Omit<ReportedError, 'at' | 'route'>;

/** What a call or a line of it moved. */
export interface Moved {
  readonly counts: Partial<FlowCounts>;
  /** Business errors, one for each of `counts.business`. */
  readonly errors: readonly FlowError[];
}

export const nothingMoved: Moved = { counts: {}, errors: [] };
