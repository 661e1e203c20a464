import type { KubeLog } from '../kube/kube-log.ts';

/** How old what the gateway knows of the cluster is, and what follows from it. */
export interface Freshness {
  /** Milliseconds since the slowest watch last gave a proof of life; infinity before the first. */
  staleness(): number;
  /** No tokens are issued and none refreshed. */
  isStale(): boolean;
  /** Calls are refused too. */
  isRefusing(): boolean;
}

export interface FreshnessOptions {
  /** `staleness` of everything that is watched, in milliseconds. */
  readonly sources: readonly (() => number)[];
  readonly maxStaleness: number;
  readonly onStale: 'keep' | 'refuse';
}

export function buildFreshness({ sources, maxStaleness, onStale }: FreshnessOptions): Freshness {
  const staleness = (): number => Math.max(...sources.map((source) => source()));
  const isStale = (): boolean => staleness() > maxStaleness;
  return { staleness, isStale, isRefusing: () => onStale === 'refuse' && isStale() };
}

/** How often `reportFreshness` looks, in milliseconds. */
const lookEvery = 1_000;

/** Says in the log when what is known becomes too old, and when it is fresh again, until `signal` fires. */
export function reportFreshness(freshness: Freshness, log: KubeLog, signal: AbortSignal): void {
  let wasStale = false;
  const look = (): void => {
    const isStale = freshness.isStale();
    if (isStale === wasStale) return;
    wasStale = isStale;
    const seconds = Math.round(freshness.staleness() / 1000);
    if (!isStale) log.info({ seconds }, 'what is known of Connections is fresh again');
    else log.error({ seconds }, 'what is known of Connections is too old: no tokens are issued');
  };
  const timer = setInterval(look, lookEvery);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
