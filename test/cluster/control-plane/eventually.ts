import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** Milliseconds; default 45 s, on a busy machine a lot more than anything here takes. */
  readonly within?: number;
  /** Milliseconds between two looks; default 100. */
  readonly every?: number;
}

/**
 * Runs `check` until it does not throw and returns its value. After the time it throws what the last look threw, with
 * the time it had in front of it.
 */
export async function eventually<T>(check: () => T | Promise<T>, patience: Patience = {}): Promise<T> {
  const { within = 45_000, every = 100 } = patience;
  const deadline = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) {
        if (error instanceof Error) error.message = `not within ${within} ms: ${error.message}`;
        throw error;
      }
    }
    await sleep(every);
  }
}
