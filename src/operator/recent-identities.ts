import { createHash } from 'node:crypto';
import { labels, managerName } from '../api/names.ts';
import { decideBackoff } from '../kube/backoff.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import type { KubeLog } from '../kube/kube-log.ts';
import { resourcesPath } from '../kube/resource-paths.ts';
import { sleep } from '../kube/sleep.ts';
import { WorkQueue } from './watch/work-queue.ts';

export interface RecentIdentitiesOptions {
  readonly client: KubeClient;
  /** The ConfigMap that keeps them over a restart. */
  readonly configMap: { readonly namespace: string; readonly name: string };
  readonly clock: () => number;
  readonly log: KubeLog;
}

interface ConfigMap {
  readonly metadata: { readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** From the beginning of the day of the deletion on: 30 days after its end. */
const keptFor = 31 * 24 * 3_600_000;
/** Together well below the 1 MiB of a ConfigMap; the oldest go first. */
const mostKept = 10_000;
/** Deletions within this time are written together. */
const writeAfter = 2_000;
/** Between two tries to read them at the start. */
const loadBackoff = { base: 100, cap: 10_000 };

/**
 * Client ids and usernames of Connections that are gone, for 30 days: nobody may adopt them meanwhile. Kept as hashes in
 * a ConfigMap. A Connection that is deleted while no operator runs is not noticed.
 */
export class RecentIdentities {
  readonly #options: RecentIdentitiesOptions;
  readonly #queue: WorkQueue;
  /** Hash to the day of the deletion, oldest first. */
  readonly #days = new Map<string, string>();

  constructor(options: RecentIdentitiesOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({
      run: async () => {
        await this.#write();
        return undefined;
      },
      workers: 1,
      onFinished: ({ error }) => {
        if (error !== undefined)
          options.log.warn({}, 'names of deleted Connections could not be kept; it is tried again');
      },
    });
  }

  /** Reads what an operator before this one kept; tried until it succeeds. Rejects when `signal` fires before. */
  async load(signal: AbortSignal): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        this.#merge((await this.#read())?.data ?? {});
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (!isKubeError(error)) throw error;
        const { log } = this.#options;
        log.warn({ error: error.message }, 'names of deleted Connections cannot be read; it is tried again');
        await sleep(Math.max(decideBackoff(failures, loadBackoff), error.retryAfter ?? 0), signal);
        signal.throwIfAborted();
      }
    }
  }

  /** Whether a Connection that was deleted within 30 days had this name. */
  has(name: string): boolean {
    const day = this.#days.get(hashOf(name));
    return day !== undefined && !this.#isOver(day);
  }

  /** Remembers the names of a Connection that is gone. */
  add(names: readonly string[]): void {
    const today = new Date(this.#options.clock()).toISOString().slice(0, 10);
    for (const name of names) this.#days.set(hashOf(name), today);
    if (names.length > 0) this.#queue.addAfter('write', writeAfter);
  }

  /** Writes what is not written yet. */
  async stop(): Promise<void> {
    const isDue = this.#queue.waiting.asked > 0;
    await this.#queue.drain();
    if (isDue) await this.#write().catch(() => {});
  }

  async #write(): Promise<void> {
    const { client, configMap } = this.#options;
    const before = await this.#read();
    this.#merge(before?.data ?? {});
    const kept = [...this.#days].filter(([, day]) => !this.#isOver(day)).sort(([, a], [, b]) => (a < b ? -1 : 1));
    const data = Object.fromEntries(kept.slice(-mostKept));
    const metadata = { ...configMap, labels: { [labels.managedBy]: managerName } };
    const path = resourcesPath('', 'v1', 'configmaps', configMap.namespace);
    if (!before) await client.create(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    else {
      const { resourceVersion } = before.metadata;
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, resourceVersion }, data };
      await client.replace(`${path}/${configMap.name}`, body);
    }
  }

  async #read(): Promise<ConfigMap | undefined> {
    const { client, configMap } = this.#options;
    try {
      return await client.get<ConfigMap>(
        `${resourcesPath('', 'v1', 'configmaps', configMap.namespace)}/${configMap.name}`,
      );
    } catch (error) {
      if (isKubeError(error) && error.code === 'NotFound') return undefined;
      throw error;
    }
  }

  #merge(data: Readonly<Record<string, string>>): void {
    for (const [hash, day] of Object.entries(data)) {
      if (!this.#days.has(hash) && /^\d{4}-\d\d-\d\d$/.test(day)) this.#days.set(hash, day);
    }
  }

  #isOver(day: string): boolean {
    return this.#options.clock() - Date.parse(day) > keptFor;
  }
}

/** 96 bits: enough to tell names apart, and no list of names for whoever may read ConfigMaps. */
function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 24);
}
