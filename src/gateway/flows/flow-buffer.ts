import { randomUUID } from 'node:crypto';
import { addCounts } from '../../flows/add-counts.ts';
import { readHour } from '../../flows/utc-hour.ts';
import type { FlowBucket, StoredError } from '../store/flow-store.ts';
import type { RecordedFlow } from './flow-watcher.ts';

/** Hours of Connections that are kept while the store is away; beyond it new ones are lost. */
const mostBuckets = 200_000;
/** Errors of one Connection that are kept until the next flush; the newest are those that are shown. */
const mostErrors = 100;
/** Errors of all Connections. */
const mostErrorsInAll = 20_000;

/** What was counted and is not on its way to the store yet. */
export class FlowBuffer {
  readonly #buckets = new Map<string, FlowBucket>();
  readonly #errors = new Map<string, StoredError[]>();
  #errorCount = 0;
  #lost = 0;

  /** Calls that found no room. */
  get lost(): number {
    return this.#lost;
  }

  get isEmpty(): boolean {
    return this.#buckets.size === 0;
  }

  /** @param at milliseconds since the epoch. */
  add({ connection, counts, errors, route }: RecordedFlow, at: number): void {
    const { uid } = connection.metadata;
    const hour = readHour(at);
    const key = `${uid} ${hour}`;
    const known = this.#buckets.get(key);
    if (known === undefined && this.#buckets.size >= mostBuckets) {
      this.#lost++;
      return;
    }
    this.#buckets.set(key, { connection: uid, hour, ...addCounts(known ?? {}, counts) });
    if (errors.length === 0) return;
    const kept = this.#errors.get(uid) ?? [];
    this.#errors.set(uid, kept);
    for (const error of errors) {
      if (kept.length >= mostErrors) kept.shift();
      else if (this.#errorCount < mostErrorsInAll) this.#errorCount++;
      else continue;
      kept.push({ connection: uid, id: randomUUID(), at, error: { ...error, route } });
    }
  }

  /** Everything, which is nobody's but the caller's from now on. In the order of Connections and hours. */
  take(): { readonly buckets: readonly FlowBucket[]; readonly errors: readonly StoredError[] } {
    const buckets = [...this.#buckets.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bucket]) => bucket);
    const errors = [...this.#errors.values()].flat();
    this.#buckets.clear();
    this.#errors.clear();
    this.#errorCount = 0;
    return { buckets, errors };
  }
}
