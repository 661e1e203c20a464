import type { Store } from './store.ts';

const purgeEvery = 3_600_000;

/**
 * Forgets what has expired, now and once an hour until `signal` fires; `onTrouble` hears of it when that fails.
 *
 * @param flowsKept how long what was moved is remembered, in milliseconds.
 */
export function startPurge(
  store: Pick<Store, 'purge' | 'purgeFlows'>,
  flowsKept: number,
  signal: AbortSignal,
  onTrouble: () => void,
): void {
  const purge = (): void => void Promise.all([store.purge(), store.purgeFlows(flowsKept)]).catch(onTrouble);
  purge();
  const timer = setInterval(purge, purgeEvery);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
