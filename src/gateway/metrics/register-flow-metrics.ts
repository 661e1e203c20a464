import { Counter, Gauge, type Registry } from 'prom-client';
import type { FlowTotal } from '../flows/flow-totals.ts';

export interface FlowGauges {
  /** What each Connection moved since the process began. */
  readonly totals: { read(): Iterable<FlowTotal> };
  /** Calls whose counts found no room in memory while the store was away. */
  readonly lost: () => number;
}

const products = { source: ['created', 'updated'], destination: ['sent'], counted: [] } as const;
const errors = { source: ['business', 'technical'], destination: [], counted: [] } as const;

/**
 * Registers the counts of data flows. A tracked Connection shows what it can move from 0 on; any other what it moved
 * while it was tracked.
 */
export function registerFlowMetrics(registry: Registry, { totals, lost }: FlowGauges): void {
  const registers = [registry];
  new Counter({
    name: 'connection_flow_products_total',
    help: 'Products that tracked Connections created, updated (Source) or were sent (Destination).',
    labelNames: ['namespace', 'connection', 'event'],
    registers,
    collect() {
      this.reset();
      for (const total of totals.read()) {
        const { namespace, connection, shown } = total;
        for (const event of ['created', 'updated', 'sent'] as const) {
          const isShown = total[event] > 0 || (products[shown] as readonly string[]).includes(event);
          if (isShown) this.inc({ namespace, connection, event }, total[event]);
        }
      }
    },
  });
  new Counter({
    name: 'connection_flow_errors_total',
    help: 'Errors on products of tracked Source Connections: business (the data) and technical (the connector).',
    labelNames: ['namespace', 'connection', 'type'],
    registers,
    collect() {
      this.reset();
      for (const total of totals.read()) {
        const { namespace, connection, shown } = total;
        for (const type of ['business', 'technical'] as const) {
          const isShown = total[type] > 0 || (errors[shown] as readonly string[]).includes(type);
          if (isShown) this.inc({ namespace, connection, type }, total[type]);
        }
      }
    },
  });
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
