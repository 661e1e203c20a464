import { decideBackoff } from './backoff.ts';
import { sleep } from './sleep.ts';

/** Waits between tries, in milliseconds. */
const retryRange = { base: 50, cap: 60_000 };

export interface DeliveryOptions<E> {
  readonly deliver: (event: E) => Promise<void>;
  /** True when `older` need not be delivered any more once `newer` is there. */
  readonly replaces: (newer: E, older: E) => boolean;
  readonly onFailure: (event: E, error: unknown, failures: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Delivers events one at a time per key and side by side for different keys. What fails is delivered again after a
 * backoff, unless a newer event of its key replaces it; the events of one key never overtake each other.
 */
export class OrderedDelivery<E> {
  readonly #options: DeliveryOptions<E>;
  readonly #waiting = new Map<string, E[]>();
  readonly #working = new Set<Promise<void>>();

  constructor(options: DeliveryOptions<E>) {
    this.#options = options;
  }

  push(key: string, event: E): void {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      const last = waiting.at(-1);
      if (last !== undefined && this.#options.replaces(event, last)) waiting.pop();
      waiting.push(event);
      return;
    }
    const events = [event];
    this.#waiting.set(key, events);
    const work = this.#work(key, events).finally(() => this.#working.delete(work));
    this.#working.add(work);
  }

  /** Resolves when deliveries under way have ended; for after the signal fired. */
  async settle(): Promise<void> {
    await Promise.all(this.#working);
  }

  async #work(key: string, events: E[]): Promise<void> {
    let failures = 0;
    while (!this.#options.signal.aborted) {
      const event = events.shift();
      if (event === undefined) break;
      try {
        await this.#options.deliver(event);
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#options.onFailure(event, error, failures);
        await sleep(decideBackoff(failures, retryRange), this.#options.signal);
        const [newer] = events;
        if (newer === undefined || !this.#options.replaces(newer, event)) events.unshift(event);
      }
    }
    this.#waiting.delete(key);
  }
}
