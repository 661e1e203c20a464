import { Histogram, type Registry } from 'prom-client';

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

  /** Buckets with all shorter durations in them, sum and count. None before the first duration. */
  read(name: string, kind: string): Sample[] {
    const sharedLabels = { kind };
    let count = 0;
    const buckets = [...bounds, '+Inf'].map((le, bucket) => {
      count += this.#counts[bucket] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: count };
    });
    if (count === 0) return [];
    const sum = { metricName: `${name}_sum`, labels: {}, sharedLabels, value: this.#sum };
    return [...buckets, sum, { metricName: `${name}_count`, labels: {}, sharedLabels, value: count }];
  }
}

/** As the library has them between a metric and its registry. */
interface Sample {
  readonly metricName: string;
  readonly labels: { readonly le?: string | number };
  readonly sharedLabels: { readonly kind: string };
  readonly value: number;
}

/** A histogram for the registry that is counted in tables: the library's own looks a bucket up by a number as its name. */
class DurationHistogram extends Histogram<'kind'> {
  readonly #told: { readonly name: string; readonly help: string };
  readonly #tables: Readonly<Record<string, DurationTable>>;

  constructor(
    registry: Registry,
    told: { readonly name: string; readonly help: string },
    tables: Readonly<Record<string, DurationTable>>,
  ) {
    super({ ...told, labelNames: ['kind'], buckets: bounds, registers: [registry] });
    this.#told = told;
    this.#tables = tables;
  }

  /** What the registry and the library's `get` ask for; the types leave it out. */
  async getForPromString(): Promise<object> {
    const values = Object.entries(this.#tables).flatMap(([kind, table]) => table.read(this.#told.name, kind));
    return { ...this.#told, type: 'histogram', aggregator: 'sum', values };
  }
}

/** Registers a histogram of durations by kind. Every call is timed. */
export function registerDurations<T extends string>(
  registry: Registry,
  { name, help, kinds }: { readonly name: string; readonly help: string; readonly kinds: readonly T[] },
): Readonly<Record<T, DurationTable>> {
  const tables = Object.fromEntries(kinds.map((kind) => [kind, new DurationTable()])) as Record<T, DurationTable>;
  new DurationHistogram(registry, { name, help }, tables);
  return tables;
}
