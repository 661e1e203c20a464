import { LRUCache } from 'lru-cache';
import { TokenBucket } from '../../kube/token-bucket.ts';

/** What one caller may do, in this process; 0: as much as it likes. */
export interface CallLimits {
  readonly concurrent: number;
  readonly perSecond: number;
}

/** Whether a call may go on; if so, `leave` says once that it is over. */
export type Entry =
  | { readonly kind: 'entered'; leave(): void }
  | { readonly kind: 'limited' /** Whole seconds. */; readonly retryAfter: number; readonly message: string };

/** A table of callers that forgets some when it is full: `Map`, or a cache of bounded size. */
export interface CallerTable {
  get(caller: string): CallerState | undefined;
  set(caller: string, state: CallerState): unknown;
  delete(caller: string): unknown;
}

/** What is known of one caller. */
export interface CallerState {
  open: number;
  readonly bucket: TokenBucket | undefined;
}

/** Counts calls of several callers at once: a call of a pair of Connections needs room with both. */
export class CallLimiter {
  readonly #limits: CallLimits;
  readonly #table: CallerTable;

  constructor(limits: CallLimits, table: CallerTable = new Map()) {
    this.#limits = limits;
    this.#table = table;
  }

  /** @param now milliseconds on a clock that never goes backwards. */
  enter(callers: readonly string[], now: number): Entry {
    const { concurrent, perSecond } = this.#limits;
    const states = callers.map((caller) => this.#find(caller, now));
    if (concurrent > 0 && states.some(({ open }) => open >= concurrent)) {
      return {
        kind: 'limited',
        retryAfter: 1,
        message: `You have exceeded the limit of ${concurrent} concurrent calls.`,
      };
    }
    const wait = Math.max(0, ...states.map(({ bucket }) => bucket?.wait(now) ?? 0));
    if (wait > 0) {
      const message = 'You have exceeded the limit of API requests per second.';
      return { kind: 'limited', retryAfter: Math.max(1, Math.ceil(wait / 1000)), message };
    }
    for (const state of states) {
      state.open++;
      if (perSecond > 0) state.bucket?.take(now);
    }
    return { kind: 'entered', leave: buildLeave(states) };
  }

  /** For a caller that is gone. */
  forget(caller: string): void {
    this.#table.delete(caller);
  }

  #find(caller: string, now: number): CallerState {
    const known = this.#table.get(caller);
    if (known !== undefined) return known;
    const { perSecond } = this.#limits;
    const state = { open: 0, bucket: perSecond > 0 ? new TokenBucket(perSecond, perSecond, now) : undefined };
    this.#table.set(caller, state);
    return state;
  }
}

/** Networks that are remembered at a time; of more, the one that was silent longest is forgotten. */
const mostNetworks = 20_000;

/** For callers that nobody knows: the same limits, by network, in a table of fixed size. */
export function buildAddressLimiter(limits: CallLimits): CallLimiter {
  return new CallLimiter(limits, new LRUCache<string, CallerState>({ max: mostNetworks }));
}

function buildLeave(states: readonly CallerState[]): () => void {
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    for (const state of states) state.open--;
  };
}
