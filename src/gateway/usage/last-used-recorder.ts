import type { Connection } from '../../api/generated/connection.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { isKubeError, KubeError } from '../../kube/kube-error.ts';
import type { KubeLog } from '../../kube/kube-log.ts';
import { connectionStatusPath } from '../../kube/resource-paths.ts';

/** How an attempt to write a date ended. */
export type StatusWrite = 'written' | 'unneeded' | 'gone' | 'forbidden' | 'failed';

export interface LastUsedOptions {
  readonly client: Pick<KubeClient, 'patch'>;
  readonly log: KubeLog;
  /** The Connection as it is now; `undefined` when it is gone. */
  readonly find: (uid: string) => Connection | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly onWrite: (result: StatusWrite) => void;
}

const day = 86_400_000;
const hour = 3_600_000;
/** A Connection that is first used later in the day is written within this time, in milliseconds. */
const soon = 60_000;
/** After a failure the next use leads to another attempt, but not before this time has passed. */
const pause = 300_000;
/** Writes at the same time: after a restart at noon thousands may be due within a minute. */
const mostWriters = 4;

/**
 * Writes `status.lastUsedDate`, a UTC day: at most once a day for a Connection, at a random moment of the day's first hour
 * or, when it is first used later, soon after. Never when the status says today already: another gateway may have been
 * first. Nothing depends on it, so whatever goes wrong is quiet.
 */
export class LastUsedRecorder {
  readonly #options: LastUsedOptions;
  /** The day that is written or planned, and for failures until when nothing is tried. */
  readonly #known = new Map<string, { readonly day: number; readonly until: number }>();
  readonly #due: string[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #writers = 0;
  #isForbiddenSaid = false;
  #isStopped = false;

  constructor(options: LastUsedOptions) {
    this.#options = options;
  }

  /** A Connection was used. Costs a look into a table when it was used before today. */
  record(connection: Connection): void {
    const { uid } = connection.metadata;
    const now = this.#options.clock();
    const today = Math.floor(now / day);
    const known = this.#known.get(uid);
    if (this.#isStopped || (known?.day === today && now < known.until)) return;
    this.#known.set(uid, { day: today, until: Number.POSITIVE_INFINITY });
    if (connection.status?.lastUsedDate === formatDay(now)) return;
    const sinceMidnight = now - today * day;
    const wait = sinceMidnight < hour ? this.#options.random() * (hour - sinceMidnight) : this.#options.random() * soon;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#due.push(uid);
      this.#work();
    }, wait);
    timer.unref();
    this.#timers.add(timer);
  }

  /** A Connection is gone. */
  forget(uid: string): void {
    this.#known.delete(uid);
  }

  /** Writes nothing any more; what was planned is left to the next use. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#due.length = 0;
  }

  #work(): void {
    while (this.#writers < mostWriters) {
      const uid = this.#due.shift();
      if (uid === undefined) return;
      this.#writers++;
      void this.#write(uid).then((result) => {
        this.#writers--;
        this.#options.onWrite(result);
        this.#work();
      });
    }
  }

  async #write(uid: string): Promise<StatusWrite> {
    const { client, find, clock } = this.#options;
    const connection = find(uid);
    const now = clock();
    if (connection === undefined) return 'gone';
    const { namespace, name } = connection.metadata;
    const lastUsedDate = formatDay(now);
    if ((connection.status?.lastUsedDate ?? '') >= lastUsedDate) return 'unneeded';
    try {
      // The uid makes the API server refuse a write to another object of this name.
      await client.patch(connectionStatusPath(namespace, name), { metadata: { uid }, status: { lastUsedDate } });
      return 'written';
    } catch (error) {
      return this.#observeFailure(uid, now, error);
    }
  }

  #observeFailure(uid: string, now: number, error: unknown): StatusWrite {
    if (isKubeError(error, 'NotFound', 'Conflict')) return 'gone';
    this.#known.set(uid, { day: Math.floor(now / day), until: now + pause });
    if (!isKubeError(error, 'Forbidden')) {
      this.#options.log.debug(
        { reason: error instanceof KubeError ? error.code : 'Unknown' },
        'lastUsedDate not written',
      );
      return 'failed';
    }
    if (!this.#isForbiddenSaid) {
      this.#options.log.warn({}, 'the gateway may not write lastUsedDate: it needs patch on connections/status');
      this.#isForbiddenSaid = true;
    }
    return 'forbidden';
  }
}

/** As 2026-01-31. */
function formatDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
