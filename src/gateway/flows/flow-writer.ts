import { randomUUID } from 'node:crypto';
import type { FlowBatch, FlowStore } from '../store/flow-store.ts';
import type { FlowBuffer } from './flow-buffer.ts';

export interface FlowWriterOptions {
  readonly store: Pick<FlowStore, 'addFlows'>;
  readonly buffer: FlowBuffer;
  /** Milliseconds from one flush to the next. */
  readonly every: number;
  /** Called when the store is away; counts stay in memory. */
  readonly onTrouble: () => void;
}

/** Buckets and errors of one transaction: short enough to keep nobody else waiting. */
const mostRows = 500;

/**
 * Brings counts to the store. What a flush has taken out of the buffer is a batch that is repeated, unchanged, until the
 * store has said that it has it, before anything newer is taken: so nothing is lost or doubled, whatever fails in between.
 */
export class FlowWriter {
  readonly #options: FlowWriterOptions;
  readonly #writer = randomUUID();
  readonly #waiting: FlowBatch[] = [];
  #number = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;

  constructor(options: FlowWriterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), this.#options.every);
    this.#timer.unref();
  }

  /** Writes what there is. One at a time: whoever asks meanwhile waits for the one under way. Never rejects. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Writes what is left, at most for `patience` milliseconds, and nothing after that. */
  async close(patience: number): Promise<void> {
    clearInterval(this.#timer);
    const written = async (): Promise<void> => {
      await this.#flushing;
      await this.flush();
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await Promise.race([written(), late]);
    clearTimeout(timer);
  }

  async #write(): Promise<void> {
    try {
      if (this.#waiting.length === 0) this.#take();
      for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
        await this.#options.store.addFlows(batch);
        this.#waiting.shift();
        if (this.#waiting.length === 0) this.#take();
      }
    } catch {
      this.#options.onTrouble();
    }
  }

  /** All that is in the buffer, as batches. */
  #take(): void {
    if (this.#options.buffer.isEmpty) return;
    const { buckets, errors } = this.#options.buffer.take();
    const batches = Math.max(Math.ceil(buckets.length / mostRows), Math.ceil(errors.length / mostRows));
    for (let at = 0; at < batches; at++) {
      const [from, to] = [at * mostRows, (at + 1) * mostRows];
      this.#waiting.push({
        writer: this.#writer,
        number: ++this.#number,
        buckets: buckets.slice(from, to),
        errors: errors.slice(from, to),
      });
    }
  }
}
