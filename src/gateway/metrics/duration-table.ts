import type { Metric, Registry } from 'prom-client';

/** Upper bounds of the buckets, in seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Durations of one kind. */
export class DurationTable {
  /** By bucket, the last one without a bound. */
  readonly #counts = new Float64Array(bounds.length + 1);
  #sum = 0;

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** Prometheus' samples: buckets with all shorter durations in them, sum and count. None before the first duration. */
  read(name: string, labels: Readonly<Record<string, string>>): Sample[] {
    let count = 0;
    const buckets = [...bounds, '+Inf'].map((le, bucket) => {
      count += this.#counts[bucket] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
    });
    if (count === 0) return [];
    const total = [
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
    return [...buckets, ...total];
  }
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * Registers a histogram of durations by kind. It is a table, and not the library's histogram, because every call is
 * timed; the registry asks a metric for its name and for `get()`, nothing else.
 */
export function registerDurations<T extends string>(
  registry: Registry,
  { name, help, kinds }: { readonly name: string; readonly help: string; readonly kinds: readonly T[] },
): Readonly<Record<T, DurationTable>> {
  const tables = Object.fromEntries(kinds.map((kind) => [kind, new DurationTable()])) as Record<T, DurationTable>;
  const metric = {
    name,
    get: async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: kinds.flatMap((kind) => tables[kind].read(name, { kind })),
    }),
  };
  registry.registerMetric(metric as unknown as Metric);
  return tables;
}
