import type { FlowCounts } from '../../api/flow-report.ts';
import type { Connection } from '../../api/generated/connection.ts';
import { addCounts, noCounts } from '../../flows/add-counts.ts';
import type { ConnectionChange } from '../directory/directory.ts';

/** What one Connection moved since this process began. */
export interface FlowTotal extends FlowCounts {
  readonly namespace: string;
  readonly connection: string;
  /** Is tracked now: then what it can move is told from 0 on, or Prometheus would miss the first of each. */
  readonly shown: 'source' | 'destination' | 'counted';
  /** May move something now: it is tracked and not suspended. */
  readonly isExpected: boolean;
}

/** Counts for metrics, by Connection, of those that exist. */
export class FlowTotals {
  readonly #byUid = new Map<string, FlowTotal>();

  /** Every change of a Connection, in order. */
  observe({ type, connection }: ConnectionChange): void {
    const { uid, namespace, name } = connection.metadata;
    if (type === 'deleted') {
      this.#byUid.delete(uid);
      return;
    }
    const known = this.#byUid.get(uid) ?? { ...noCounts, namespace, connection: name };
    const shown = readShown(connection);
    this.#byUid.set(uid, { ...known, shown, isExpected: shown !== 'counted' && connection.spec.suspend !== true });
  }

  add({ metadata }: Connection, counts: Partial<FlowCounts>): void {
    const known = this.#byUid.get(metadata.uid);
    if (known !== undefined) this.#byUid.set(metadata.uid, { ...known, ...addCounts(known, counts) });
  }

  read(): IterableIterator<FlowTotal> {
    return this.#byUid.values();
  }
}

function readShown({ spec }: Connection): FlowTotal['shown'] {
  if (spec.tracked !== true || spec.flowType === 'Other') return 'counted';
  return spec.flowType === 'Source' ? 'source' : 'destination';
}
