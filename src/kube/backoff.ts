/** Bounds of a backoff in milliseconds. */
export interface BackoffRange {
  /** The most that the first wait can be. */
  readonly base: number;
  /** The most that any wait can be. */
  readonly cap: number;
}

/**
 * Milliseconds to wait before attempt number `failures` + 1: anything between 0 and a bound that doubles with every
 * failure ("full jitter"), so that many who failed together do not come back together. `random` is in [0, 1).
 */
export function decideBackoff(failures: number, range: BackoffRange, random: () => number = Math.random): number {
  return random() * Math.min(range.cap, range.base * 2 ** Math.min(failures - 1, 52));
}
