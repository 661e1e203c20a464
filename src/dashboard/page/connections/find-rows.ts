import type { FlowType } from '../../../api/generated/connection.ts';
import { isHint } from '../controls/warning-words.ts';
import type { ConnectionRow } from './build-row.ts';

/** What somebody looks for. */
export interface RowFilter {
  /** Words that all have to be found. */
  readonly search: string;
  readonly flow: FlowType | 'all';
  /** Empty: all. */
  readonly namespace: string;
  /** Only those that somebody should look at. */
  readonly attention: boolean;
}

/** A heading, or a Connection. */
export type ListLine =
  | { readonly kind: 'heading'; readonly flowType: FlowType; readonly count: number }
  | { readonly kind: 'row'; readonly row: ConnectionRow };

export interface FoundRows {
  readonly lines: readonly ListLine[];
  readonly count: number;
  /** By flow type, whatever flow type is asked for. */
  readonly counts: Readonly<Record<FlowType, number>>;
  /** Those that somebody should look at, whether they are asked for alone or not. */
  readonly attentionCount: number;
}

export const flowTypes: readonly FlowType[] = ['Source', 'Destination', 'Other'];

/** Whether somebody should look at it: what hangs, and what is warned of. */
export function needsAttention({ health, warnings }: ConnectionRow): boolean {
  return health.state === 'failed' || health.state === 'waiting' || warnings.some(({ kind }) => !isHint(kind));
}

/** Groups the rows by flow type. `rows` are sorted already and stay in that order. */
export function findRows(rows: readonly ConnectionRow[], filter: RowFilter): FoundRows {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = rows.filter(
    (row) =>
      (filter.namespace === '' || row.connection.metadata.namespace === filter.namespace) &&
      words.every((word) => row.haystack.includes(word)),
  );
  const alarming = matching.filter(needsAttention);
  const chosen = filter.attention ? alarming : matching;
  const counts = { Source: 0, Destination: 0, Other: 0 };
  for (const { flowType } of chosen) counts[flowType]++;
  const shownTypes = flowTypes.filter((flow) => (filter.flow === 'all' || filter.flow === flow) && counts[flow] > 0);
  const lines = shownTypes.flatMap((flowType): readonly ListLine[] => [
    { kind: 'heading', flowType, count: counts[flowType] },
    ...chosen.filter((row) => row.flowType === flowType).map((row): ListLine => ({ kind: 'row', row })),
  ]);
  const count = shownTypes.reduce((sum, flow) => sum + counts[flow], 0);
  return { lines, count, counts, attentionCount: alarming.length };
}
