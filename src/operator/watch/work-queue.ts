import { type BackoffRange, decideBackoff } from '../../kube/backoff.ts';
import { isKubeError } from '../../kube/kube-error.ts';
import { machineClock, type QueueClock, TimerQueue } from './timer-queue.ts';

/** How one run of a key ended, for metrics. */
export interface FinishedRun {
  readonly key: string;
  /** Milliseconds from being due to being taken up, and from there to the end. */
  readonly waited: number;
  readonly took: number;
  /** Present: it failed and will be tried again. */
  readonly error: unknown;
  /** Failures of this key in a row, this one included. */
  readonly failures: number;
  /** Milliseconds until the next try; 0 after a success. */
  readonly retryIn: number;
}

export interface WorkQueueOptions {
  /**
   * Does the work for a key, on the newest state: it stands for everything asked for before it began. Returns after how
   * many milliseconds to look again, or `undefined`. When it throws, it is run again after a backoff, or after what the API
   * server asked for (`KubeError.retryAfter`) when that is longer.
   */
  readonly run: (key: string) => Promise<number | undefined | undefined>;
  /** Keys side by side. */
  readonly workers: number;
  /** Must not throw. */
  readonly onFinished?: (run: FinishedRun) => void;
  /** Default: 5 ms to 60 s. */
  readonly backoff?: BackoffRange;
  readonly clock?: QueueClock;
  /** In [0, 1). */
  readonly random?: () => number;
}

interface Running {
  /** Asked for again while it runs. */
  dirty: boolean;
}

/**
 * Milliseconds until a key is run again that failed and was asked for meanwhile: not at once, or a run that fails after
 * each of its own writes would go round without a pause.
 */
const soonest = 1_000;

/** Runs that may end before timers, answers and health checks get a turn: a run that waits for nothing gives them none. */
const runsInTurn = 64;

const defaultBackoff: BackoffRange = { base: 5, cap: 60_000 };

/**
 * Keys to work on: one key at a time, many keys side by side, in the order in which they were asked for. Asking for a
 * key that waits changes nothing; asking for one that runs makes it run once more. Nothing that was asked for is lost
 * before `drain`.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #clock: QueueClock;
  /** Due keys in their order, with the time since when. */
  readonly #due = new Map<string, number>();
  /** How far they were taken. It sees what is added; one that begins anew would pass by all that was taken before. */
  #order = this.#due.entries();
  readonly #running = new Map<string, Running>();
  readonly #failures = new Map<string, number>();
  readonly #asked: TimerQueue;
  /** Apart from `asked`, because a success makes a retry needless but not a later look. */
  readonly #retries: TimerQueue;
  #draining: (() => void) | undefined;
  #drained: Promise<void> | undefined;
  #onIdle: (() => void)[] = [];
  #runsInTurn = 0;
  #nextTurn: NodeJS.Immediate | undefined;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#clock = options.clock ?? machineClock;
    this.#asked = new TimerQueue(this.#clock, (key) => this.add(key));
    this.#retries = new TimerQueue(this.#clock, (key) => this.add(key));
  }

  /** Keys that are due and wait for a worker. */
  get depth(): number {
    return this.#due.size;
  }

  /** Keys that are worked on. */
  get running(): number {
    return this.#running.size;
  }

  /** Keys that wait for a time: to be looked at again, and to be tried again. */
  get waiting(): { readonly asked: number; readonly retries: number } {
    return { asked: this.#asked.size, retries: this.#retries.size };
  }

  /** True while nothing is due and nothing runs (timers aside). */
  get idle(): boolean {
    return this.#due.size === 0 && this.#running.size === 0;
  }

  /** Resolves when nothing is due and nothing runs; never after `drain`. */
  async whenIdle(): Promise<void> {
    if (!this.idle) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /** Now, also when the key waits for a retry: something may have changed that makes it succeed. */
  add(key: string): void {
    if (this.#drained !== undefined) return;
    const running = this.#running.get(key);
    if (running !== undefined) {
      running.dirty = true;
      return;
    }
    if (!this.#due.has(key)) this.#due.set(key, this.#clock.now());
    this.#fill();
  }

  /** After so many milliseconds, of any size; of several such wishes for a key the earliest counts and the others are forgotten. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#drained === undefined) this.#asked.add(key, milliseconds);
  }

  /** Forgets the failures of a key and the times it waits for. For keys whose object is gone. */
  forget(key: string): void {
    this.#failures.delete(key);
    this.#asked.remove(key);
    this.#retries.remove(key);
  }

  /** Takes up nothing new, and resolves when what is worked on has ended. */
  drain(): Promise<void> {
    this.#drained ??= new Promise((resolve) => {
      this.#draining = resolve;
    });
    this.#due.clear();
    this.#asked.clear();
    this.#retries.clear();
    if (this.#running.size === 0) this.#draining?.();
    return this.#drained;
  }

  #fill(): void {
    while (this.#running.size < this.#options.workers) {
      const next = this.#findNext();
      if (next === undefined) return;
      const [key, dueAt] = next;
      this.#due.delete(key);
      void this.#work(key, dueAt);
    }
  }

  #findNext(): [key: string, dueAt: number] | undefined {
    const next = this.#order.next();
    if (!next.done) return next.value;
    // An iterator that came to its end stays there.
    this.#order = this.#due.entries();
    return this.#order.next().value;
  }

  async #work(key: string, dueAt: number): Promise<void> {
    const running: Running = { dirty: false };
    this.#running.set(key, running);
    const began = this.#clock.now();
    let error: unknown;
    let next: number | undefined;
    try {
      next = await this.#options.run(key);
    } catch (thrown) {
      error = thrown ?? new Error('a run failed without an error');
    }
    this.#running.delete(key);
    const failures = error === undefined ? 0 : (this.#failures.get(key) ?? 0) + 1;
    const retryIn = error === undefined ? 0 : this.#decideRetry(failures, error, running.dirty);
    this.#remember(key, { failures, retryIn, next, dirty: running.dirty });
    this.#options.onFinished?.({
      key,
      waited: began - dueAt,
      took: this.#clock.now() - began,
      error,
      failures,
      retryIn,
    });
    if (this.#drained === undefined) this.#goOn();
    else if (this.#running.size === 0) this.#draining?.();
  }

  #goOn(): void {
    this.#runsInTurn += 1;
    if (this.#runsInTurn < runsInTurn) this.#fillAndTell();
    else
      this.#nextTurn ??= setImmediate(() => {
        this.#nextTurn = undefined;
        this.#runsInTurn = 0;
        this.#fillAndTell();
      });
  }

  #fillAndTell(): void {
    this.#fill();
    if (this.#onIdle.length === 0 || !this.idle) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #remember(key: string, end: { failures: number; retryIn: number; next: number | undefined; dirty: boolean }): void {
    if (end.failures === 0) {
      this.#failures.delete(key);
      this.#retries.remove(key);
    } else {
      this.#failures.set(key, end.failures);
    }
    if (this.#drained !== undefined) return;
    if (end.next !== undefined) this.#asked.add(key, end.next);
    if (end.failures > 0) this.#retries.add(key, end.retryIn);
    else if (end.dirty) this.add(key);
  }

  #decideRetry(failures: number, error: unknown, dirty: boolean): number {
    const wait = decideBackoff(failures, this.#options.backoff ?? defaultBackoff, this.#options.random);
    const asked = isKubeError(error) ? (error.retryAfter ?? 0) : 0;
    return Math.max(dirty ? Math.min(wait, soonest) : wait, asked);
  }
}
