/** Time as the queue sees it; a test brings its own. */
export interface QueueClock {
  /** Milliseconds that never go backwards. */
  now(): number;
  /** Calls `run` once after about `milliseconds`, and does not keep the process alive for it. Returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

/** The machine's monotonic clock. */
export const machineClock: QueueClock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

/** One wake-up never lies further away, in milliseconds: setTimeout fires at once for more than 24.8 days. */
const furthestWakeUp = 3_600_000;

interface Entry {
  readonly key: string;
  readonly dueAt: number;
}

/**
 * Keys with the time at which each is due, at most one time per key: the earliest that was asked for. One timer for all
 * of them, a binary heap for their order.
 */
export class TimerQueue {
  readonly #clock: QueueClock;
  readonly #onDue: (key: string) => void;
  readonly #heap: Entry[] = [];
  /** What counts; an entry of the heap that is not the one here is a leftover. */
  readonly #current = new Map<string, Entry>();
  #cancelWakeUp: (() => void) | undefined;
  #wakeUpAt = Number.POSITIVE_INFINITY;

  constructor(clock: QueueClock, onDue: (key: string) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Keys that wait. */
  get size(): number {
    return this.#current.size;
  }

  /** Milliseconds until `key` is due; `undefined` when it does not wait. */
  remaining(key: string): number | undefined {
    const entry = this.#current.get(key);
    return entry === undefined ? undefined : Math.max(0, entry.dueAt - this.#clock.now());
  }

  /** False when the key is due earlier already. */
  add(key: string, milliseconds: number): boolean {
    const entry = { key, dueAt: this.#clock.now() + Math.max(0, milliseconds) };
    const current = this.#current.get(key);
    if (current !== undefined && current.dueAt <= entry.dueAt) return false;
    this.#current.set(key, entry);
    this.#push(entry);
    this.#arm();
    return true;
  }

  remove(key: string): void {
    this.#current.delete(key);
    if (this.#heap.length > 2 * this.#current.size + 64) this.#sweep();
  }

  clear(): void {
    this.#current.clear();
    this.#heap.length = 0;
    this.#cancelWakeUp?.();
    this.#cancelWakeUp = undefined;
    this.#wakeUpAt = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || next.dueAt >= this.#wakeUpAt) return;
    this.#cancelWakeUp?.();
    this.#wakeUpAt = next.dueAt;
    const wait = Math.min(Math.max(0, next.dueAt - this.#clock.now()), furthestWakeUp);
    this.#cancelWakeUp = this.#clock.after(wait, () => this.#fire());
  }

  #fire(): void {
    this.#cancelWakeUp = undefined;
    this.#wakeUpAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    for (let next = this.#heap[0]; next !== undefined && next.dueAt <= now; next = this.#heap[0]) {
      this.#pop();
      if (this.#current.get(next.key) !== next) continue;
      this.#current.delete(next.key);
      this.#onDue(next.key);
    }
    this.#arm();
  }

  /** Rebuilds the heap without leftovers. */
  #sweep(): void {
    this.#heap.length = 0;
    for (const entry of this.#current.values()) this.#push(entry);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.dueAt <= entry.dueAt) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const child = right !== undefined && left !== undefined && right.dueAt < left.dueAt ? right : left;
      if (child === undefined || child.dueAt >= last.dueAt) break;
      heap[at] = child;
      at = child === left ? 2 * at + 1 : 2 * at + 2;
    }
    heap[at] = last;
  }
}
