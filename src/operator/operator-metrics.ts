import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The operator's metrics. Labels have few values, never the name of a Connection. */
export interface OperatorMetrics {
  readonly registry: Registry;
  readonly reconciles: Counter<'result'>;
  readonly reconcileSeconds: Histogram;
  readonly writes: Counter<'kind'>;
  readonly events: Counter<'reason'>;
  readonly relists: Counter<'resource'>;
  readonly policyMissing: Gauge<'policy'>;
}

/** What is read when the metrics are asked for. */
export interface OperatorGauges {
  readonly queueDepth: () => number;
  readonly isLeader: () => boolean;
  /** Connections by the reason of their Ready condition. */
  readonly connections: () => ReadonlyMap<string, number>;
  /** Milliseconds that our clock is ahead of the API server's; `undefined` before the first answer. */
  readonly clockSkew: () => number | undefined;
  /** Seconds since the slowest watch last gave a sign of life. */
  readonly watchAge: () => number | undefined;
}

/** Registers all metrics; names begin with `connection_operator_`. */
export function buildOperatorMetrics(gauges: OperatorGauges): OperatorMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'connection_operator_' });
  gauge(registry, 'queue_depth', 'Connections that wait for a worker.', gauges.queueDepth);
  gauge(registry, 'leader', '1 while this process holds the Lease.', () => Number(gauges.isLeader()));
  gauge(registry, 'clock_skew_seconds', "Seconds that the operator's clock is ahead of the API server's.", () =>
    toSeconds(gauges.clockSkew()),
  );
  gauge(registry, 'watch_age_seconds', 'Seconds since the slowest watch last gave a sign of life.', gauges.watchAge);
  new Gauge({
    name: 'connection_operator_connections',
    help: 'Connections by the reason of their Ready condition.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of gauges.connections()) this.set({ reason }, count);
    },
  });
  const name = (rest: string): string => `connection_operator_${rest}`;
  return {
    registry,
    reconciles: new Counter({
      name: name('reconciles_total'),
      help: 'Looks at a Connection, by result: done, or failed and to be tried again.',
      labelNames: ['result'],
      registers,
    }),
    reconcileSeconds: new Histogram({
      name: name('reconcile_duration_seconds'),
      help: 'Seconds that one look at a Connection took.',
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    writes: new Counter({
      name: name('writes_total'),
      help: 'Writes to the API server, by kind.',
      labelNames: ['kind'],
      registers,
    }),
    events: new Counter({
      name: name('events_total'),
      help: 'What happened to credentials (Issued, CredentialsRotated, CredentialsTampered and so on), by reason.',
      labelNames: ['reason'],
      registers,
    }),
    relists: new Counter({
      name: name('lists_total'),
      help: 'Complete lists of a resource; more than one means that a watch was interrupted for long.',
      labelNames: ['resource'],
      registers,
    }),
    policyMissing: new Gauge({
      name: name('policy_missing'),
      help: '1 when this admission policy or its binding is not installed: its promise does not hold.',
      labelNames: ['policy'],
      registers,
    }),
  };
}

function toSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function gauge(registry: Registry, rest: string, help: string, read: () => number | undefined): void {
  new Gauge({
    name: `connection_operator_${rest}`,
    help,
    registers: [registry],
    collect() {
      const value = read();
      if (value !== undefined) this.set(value);
    },
  });
}
