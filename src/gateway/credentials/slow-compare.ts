import { Worker } from 'node:worker_threads';

/** bcrypt comparisons, away from the thread that answers everybody else. */
export interface SlowCompare {
  /** Whether the hash is of this text; one after the other. `broken` when the worker ended meanwhile: ask again. */
  compare(text: string, hash: string): Promise<boolean | 'broken'>;
  /** Ends the worker; what waits is `broken`. */
  close(): Promise<void>;
}

interface Job {
  readonly text: string;
  readonly hash: string;
  readonly resolve: (right: boolean | 'broken') => void;
}

const workerFile = new URL('./bcrypt-worker.ts', import.meta.url);

/** Starts its worker with the first comparison, and another one when it broke. `file` is another worker, for tests. */
export function buildSlowCompare(file: URL = workerFile): SlowCompare {
  const waiting: Job[] = [];
  let current: Job | undefined;
  let worker: Worker | undefined;

  const next = (): void => {
    if (current) return;
    current = waiting.shift();
    if (!current) return;
    worker ??= startWorker();
    worker.postMessage({ text: current.text, hash: current.hash });
  };
  const end = (right: boolean | 'broken'): void => {
    const job = current;
    current = undefined;
    job?.resolve(right);
    next();
  };
  const startWorker = (): Worker => {
    const started = new Worker(file);
    started.unref();
    started.on('message', end);
    // 'exit' follows every end, also the one after an error.
    started.on('error', () => {});
    started.once('exit', () => {
      if (worker === started) worker = undefined;
      end('broken');
    });
    return started;
  };
  return {
    compare: (text, hash) =>
      new Promise((resolve) => {
        waiting.push({ text, hash, resolve });
        next();
      }),
    close: async () => {
      for (const job of waiting.splice(0)) job.resolve('broken');
      await worker?.terminate();
    },
  };
}
