import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks at the API server. */
const pause = 200;

/**
 * Looks again and again until `look` returns something. `undefined` when `deadline` (milliseconds since the epoch) has
 * passed. Failures of a single look are `look`'s own to judge.
 */
export async function waitUntil<T>(
  deadline: number,
  look: () => Promise<T | undefined>,
  every: number = pause,
): Promise<T | undefined> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() + every > deadline) return undefined;
    await sleep(every);
  }
}
