import { isIssued } from '../credentials/accepted-verifiers.ts';
import { decide } from './decide/decide.ts';
import type { Decision, Tools } from './decide/decision.ts';
import { observeConnection, type Sources } from './observe/observe-connection.ts';
import type { ObservedConnection } from './observe/observed-connection.ts';
import { keyOf } from './watch/find-affected.ts';
import { WorkQueue } from './watch/work-queue.ts';

/** What a decision needs. */
interface Means {
  readonly sources: Sources;
  readonly tools: () => Tools;
}

/** Keys side by side: none of them waits for anything. */
const workers = 4;

interface Early {
  readonly observed: ObservedConnection;
  readonly decision: Decision;
}

/**
 * Looks at Connections while the lists still come in, when the processor has little else to do, and keeps the decisions
 * that find nothing to write. What was seen may not be all there is, so such a decision counts only for whoever observes
 * the very same later; whoever observes anything else decides anew. Nothing is written and nothing is hashed slowly.
 */
export class EarlyDecisions {
  readonly #means: () => Means;
  readonly #known = new Map<string, Early>();
  readonly #queue: WorkQueue;

  /** `means` throws while there is nothing to observe with. */
  constructor(means: () => Means) {
    this.#means = means;
    this.#queue = new WorkQueue({
      run: async (key) => {
        // Whatever goes wrong here goes wrong again, and is reported, when it counts.
        await this.#look(key).catch(() => {});
        return undefined;
      },
      workers,
    });
  }

  /** Connections that may be looked at by now. */
  add(keys: readonly string[]): void {
    for (const key of keys) this.#queue.add(key);
  }

  /** No further early looks: everything is there. */
  end(): Promise<void> {
    return this.#queue.drain();
  }

  /** What was decided on this very observation, while it is still time to do nothing. */
  find(observed: ObservedConnection, now: number): Decision | undefined {
    const early = this.#known.get(keyOf(observed.connection.metadata));
    if (!early || !isSame(early.observed, observed)) return undefined;
    const { recheckAt } = early.decision;
    return recheckAt === undefined || recheckAt > now ? early.decision : undefined;
  }

  /** Forgets everything: each Connection was looked at in earnest. */
  clear(): void {
    this.#known.clear();
  }

  async #look(key: string): Promise<void> {
    const [namespace = '', name = ''] = key.split('/');
    const { sources, tools } = this.#means();
    const observed = await observeConnection(sources, { namespace, name }, { live: false, refusal: undefined });
    if (!observed?.secret || !isIssued(observed.connection) || !isAlone(observed)) return;
    const decision = await decide(observed, { ...tools(), bcrypt: { hash: refuse, compare: refuse } });
    if (decision.writes.length === 0) this.#known.set(key, { observed, decision });
  }
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('nothing is hashed slowly before everything is there'));
}

/** Whether nobody else has a say in it, as far as can be seen. */
function isAlone({ rivals, strays }: ObservedConnection): boolean {
  return strays.length === 0 && !rivals.code && !rivals.clientId && !rivals.username;
}

/** By identity: a store gives out the same object until it changes. */
function isSame(early: ObservedConnection, now: ObservedConnection): boolean {
  return (
    isAlone(now) &&
    now.refusal === undefined &&
    early.connection === now.connection &&
    early.secret === now.secret &&
    early.keys === now.keys &&
    early.role === now.role &&
    early.group === now.group &&
    early.clockOff === now.clockOff
  );
}
