import { Counter, Gauge, type Registry } from 'prom-client';
import type { FlowCounts } from '../../api/flow-report.ts';
import type { FlowTotal } from '../flows/flow-totals.ts';

export interface FlowGauges {
  /** What each Connection moved since the process began. */
  readonly totals: { read(): Iterable<FlowTotal> };
  /** Calls whose counts found no room in memory while the store was away. */
  readonly lost: () => number;
}

/** One of the two counters: the label that tells events apart, and the events by what is shown of a Connection. */
interface FlowCounter {
  readonly name: string;
  readonly help: string;
  readonly label: 'event' | 'type';
  readonly events: readonly (keyof FlowCounts)[];
  /** Told from 0 on. */
  readonly fromZero: Readonly<Record<FlowTotal['shown'], readonly (keyof FlowCounts)[]>>;
}

const counters: readonly FlowCounter[] = [
  {
    name: 'connection_flow_products_total',
    help: 'Products that tracked Connections created, updated (Source) or were sent (Destination).',
    label: 'event',
    events: ['created', 'updated', 'sent'],
    fromZero: { source: ['created', 'updated'], destination: ['sent'], counted: [] },
  },
  {
    name: 'connection_flow_errors_total',
    help: 'Errors on products of tracked Source Connections: business (the data) and technical (the connector).',
    label: 'type',
    events: ['business', 'technical'],
    fromZero: { source: ['business', 'technical'], destination: [], counted: [] },
  },
];

/**
 * Registers the counts of data flows. A tracked Connection shows what it can move from 0 on; any other what it moved
 * while it was tracked.
 */
export function registerFlowMetrics(registry: Registry, { totals, lost }: FlowGauges): void {
  const registers = [registry];
  for (const { name, help, label, events, fromZero } of counters) {
    new Counter({
      name,
      help,
      labelNames: ['namespace', 'connection', label],
      registers,
      collect() {
        this.reset();
        for (const total of totals.read()) {
          const { namespace, connection, shown } = total;
          for (const event of events) {
            if (total[event] === 0 && !fromZero[shown].includes(event)) continue;
            this.inc({ namespace, connection, [label]: event }, total[event]);
          }
        }
      },
    });
  }
  new Gauge({
    name: 'connection_flow_tracked',
    help: '1 for each Connection that is tracked, 0 while it is suspended: whether anything can be expected of it.',
    labelNames: ['namespace', 'connection'],
    registers,
    collect() {
      this.reset();
      for (const { namespace, connection, shown, isExpected } of totals.read()) {
        if (shown !== 'counted') this.set({ namespace, connection }, Number(isExpected));
      }
    },
  });
  new Counter({
    name: 'connection_gateway_flow_calls_lost_total',
    help: 'Calls whose counts found no room in memory while the store was away.',
    registers,
    collect() {
      this.reset();
      this.inc(lost());
    },
  });
}
