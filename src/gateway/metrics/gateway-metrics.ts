import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CallCounts } from './call-counts.ts';
import { type DurationTable, registerDurations } from './duration-table.ts';

/** What was answered, for the histogram of times. */
export type CallKind = 'proxy' | 'authz' | 'own';

/** The gateway's metrics. */
export interface GatewayMetrics {
  readonly registry: Registry;
  readonly seconds: Readonly<Record<CallKind, DurationTable>>;
  readonly malformed: Counter<'status'>;
  readonly troubles: Counter;
  readonly tokens: Counter<'outcome'>;
  readonly statusWrites: Counter<'result'>;
  readonly policyMissing: Gauge<'policy'>;
}

/** What is read when the metrics are asked for. */
export interface GatewayGauges {
  readonly counts: CallCounts;
  /** Seconds since the slowest watch last gave a sign of life; `undefined` before the first. */
  readonly staleness: () => number | undefined;
  readonly isStale: () => boolean;
  readonly connections: () => number;
  readonly hasKeys: () => boolean;
  readonly isStoreUp: () => boolean;
}

const prefix = 'connection_gateway_';

/** Registers all metrics; names begin with `connection_gateway_`. */
export function buildGatewayMetrics(gauges: GatewayGauges): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix });
  const { counts } = gauges;
  table(registry, {
    rest: 'requests_total',
    help: 'Calls by Connection and by how they ended; without a Connection where none is known.',
    labelNames: ['namespace', 'connection', 'decision'],
    *read() {
      for (const { namespace, connection, decisions } of counts.read()) yield [{ namespace, connection }, decisions];
    },
  });
  table(registry, {
    rest: 'warnings_total',
    help: 'Warnings, at most one a day for the same: a value that is used after its end, a pair of two Connections.',
    labelNames: ['namespace', 'connection', 'kind'],
    *read() {
      for (const { namespace, connection, warnings } of counts.read()) yield [{ namespace, connection }, warnings];
    },
  });
  table(registry, {
    rest: 'permission_requests_total',
    help: 'Calls by the permission that allowed them or would have, over all Connections.',
    labelNames: ['permission', 'decision'],
    *read() {
      for (const { permission, decisions } of counts.readPermissions()) yield [{ permission }, decisions];
    },
  });
  gauge(registry, 'staleness_seconds', 'Seconds since the slowest watch last gave a sign of life.', gauges.staleness);
  gauge(registry, 'stale', '1 while that is longer than maxStaleness: no tokens are issued.', () =>
    Number(gauges.isStale()),
  );
  gauge(registry, 'connections', 'Connections that this gateway answers for.', gauges.connections);
  gauge(registry, 'keys_present', '1 while the key Secret has all kinds of keys.', () => Number(gauges.hasKeys()));
  gauge(registry, 'store_up', '1 while the store of used and revoked tokens answers.', () =>
    Number(gauges.isStoreUp()),
  );
  const counter = <T extends string = never>(name: string, help: string, labelNames: readonly T[] = []): Counter<T> =>
    new Counter({ name: `${prefix}${name}`, help, labelNames: [...labelNames], registers });
  return {
    registry,
    seconds: registerDurations(registry, {
      name: `${prefix}request_duration_seconds`,
      help: 'Seconds from the headers of a request to the end of its reply: proxied, /authz, own endpoints.',
      kinds: ['proxy', 'authz', 'own'],
    }),
    malformed: counter(
      'malformed_requests_total',
      'Requests that were refused before anything was decided, by status.',
      ['status'],
    ),
    troubles: counter('errors_total', 'Requests that failed by a fault of the gateway itself.'),
    tokens: counter('token_requests_total', 'Requests for tokens, by outcome.', ['outcome']),
    statusWrites: counter('last_used_writes_total', 'Writes of status.lastUsedDate, by result.', ['result']),
    policyMissing: new Gauge({
      name: `${prefix}policy_missing`,
      help: '1 when this admission policy or its binding is not installed: its promise does not hold.',
      labelNames: ['policy'],
      registers,
    }),
  };
}

interface Table {
  readonly rest: string;
  readonly help: string;
  /** The last one names the kinds that were counted. */
  readonly labelNames: readonly [...string[], string];
  /** The other labels, and what was counted under them by kind. */
  read(): Iterable<readonly [labels: Readonly<Record<string, string>>, counts: Readonly<Record<string, number>>]>;
}

/** A counter of what was counted in a table, made when somebody asks; what never happened is left out. */
function table(registry: Registry, { rest, help, labelNames, read }: Table): void {
  const kindLabel = labelNames[labelNames.length - 1] ?? '';
  new Counter({
    name: `${prefix}${rest}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, counts] of read()) {
        for (const [kind, count] of Object.entries(counts)) {
          if (count > 0) this.inc({ ...labels, [kindLabel]: kind }, count);
        }
      }
    },
  });
}

function gauge(registry: Registry, rest: string, help: string, read: () => number | undefined): void {
  new Gauge({
    name: `${prefix}${rest}`,
    help,
    registers: [registry],
    collect() {
      const value = read();
      if (value !== undefined) this.set(value);
    },
  });
}
