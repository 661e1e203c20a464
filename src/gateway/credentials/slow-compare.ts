import { Worker } from 'node:worker_threads';

/** bcrypt comparisons, away from the thread that answers everybody else. */
export interface SlowCompare {
  /**
   * Whether the hash is of this text. One at a time, the connections in turn, so that guesses at one do not hold up the
   * others; `busy` when 32 wait already for this connection.
   */
  compare(connection: string, text: string, hash: string): Promise<boolean | 'busy'>;
  close(): Promise<void>;
}

interface Job {
  readonly text: string;
  readonly hash: string;
  readonly resolve: (right: boolean) => void;
  readonly reject: (error: Error) => void;
}

const mostWaiting = 32;

/** Starts its worker with the first comparison, and another one when it broke. */
export function buildSlowCompare(): SlowCompare {
  const waiting = new Map<string, Job[]>();
  let current: Job | undefined;
  let worker: Worker | undefined;

  const next = (): void => {
    const [turn] = waiting;
    if (current || !turn) return;
    const [connection, [job, ...rest]] = turn;
    waiting.delete(connection);
    if (rest.length > 0) waiting.set(connection, rest);
    if (!job) return;
    current = job;
    worker ??= startWorker();
    worker.postMessage({ text: job.text, hash: job.hash });
  };
  const end = (finish: (job: Job) => void): void => {
    const job = current;
    current = undefined;
    if (job) finish(job);
    next();
  };
  const startWorker = (): Worker => {
    const started = new Worker(new URL('./bcrypt-worker.ts', import.meta.url));
    started.unref();
    started.on('message', (right: boolean) => end((job) => job.resolve(right)));
    started.on('error', () => {
      worker = undefined;
      end((job) => job.reject(new Error('the comparison broke off')));
    });
    return started;
  };
  return {
    compare: (connection, text, hash) => {
      const queue = waiting.get(connection) ?? [];
      if (queue.length >= mostWaiting) return Promise.resolve('busy');
      return new Promise((resolve, reject) => {
        waiting.set(connection, [...queue, { text, hash, resolve, reject }]);
        next();
      });
    },
    close: async () => {
      await worker?.terminate();
    },
  };
}
