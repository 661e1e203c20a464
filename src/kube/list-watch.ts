import { type BackoffRange, decideBackoff } from './backoff.ts';
import { decideWatchTimes } from './decide-watch-times.ts';
import type { KubeClient, Query, WatchEvent } from './kube-client.ts';
import { KubeError, type KubeErrorCode } from './kube-error.ts';
import { type KubeLog, silentLog } from './kube-log.ts';
import { buildObjectKey, compareResourceVersions, type KubeObject } from './kube-object.ts';
import { type Change, type ObjectStore, WatchedStore } from './object-store.ts';
import { readWholeList } from './read-whole-list.ts';
import { sleep } from './sleep.ts';

export type { Change, ObjectStore, StoreIndex } from './object-store.ts';

export interface ListWatchOptions<T extends KubeObject> {
  /** List path of the resource, from `resource-paths.ts`. */
  readonly path: string;
  /** `labelSelector`, `fieldSelector` (`metadata.name=…` for one object). */
  readonly query?: Query;
  /** Objects in one answer. Default 500. */
  readonly pageSize?: number;
  /**
   * What is kept of an object; `undefined` leaves it out. May change and return `raw`. When it throws, that is logged
   * (without the object) and the object is left out: one that cannot be understood is treated as absent.
   */
  readonly decode: (raw: unknown) => T | undefined;
  /** Called at once and in order for each change, also while the first list comes in; must not throw or wait. */
  readonly onChange?: (change: Change<T>) => void;
  readonly log?: KubeLog;
  /** Share of a store: the namespace that `path` names. Absent: a store of its own. */
  readonly share?: { readonly store: WatchedStore<T>; readonly namespace: string };
  /** Milliseconds without a byte after which a watch counts as dead; has to be above the bookmarks' minute. Default 100,000. */
  readonly idle?: number;
  /**
   * Milliseconds after which a watch is renewed in order, for whoever wants a proof of life more often than the minute of
   * bookmarks. Default: 5 to 10 minutes.
   */
  readonly renewEvery?: number;
  /** Waits after failures. Default: up to 100 ms after the first, up to 30 s after many. */
  readonly backoff?: BackoffRange;
  /** For metrics: a list begins; a watch ended, in order or with an error. */
  readonly onList?: () => void;
  readonly onReconnect?: (error: KubeError | undefined) => void;
}

/** The first reconnect is nearly immediate, a server that is away is asked twice a minute at least. */
const defaultBackoff: BackoffRange = { base: 100, cap: 30_000 };

/**
 * Keeps a store equal to what the API server has: lists once in pages, then watches, reconnects from the last
 * resourceVersion, and lists anew when that is gone, reporting what happened meanwhile as changes. Every change ends up
 * in the store and in `onChange`, in the order of the API server; changes of one object in quick succession may come as
 * one when a list replaces the watch.
 */
export class ListWatch<T extends KubeObject> {
  readonly store: ObjectStore<T>;
  readonly #client: KubeClient;
  readonly #options: ListWatchOptions<T>;
  readonly #store: WatchedStore<T>;
  readonly #namespace: string | undefined;
  readonly #log: KubeLog;
  #lastAlive = Number.NEGATIVE_INFINITY;
  #trouble: KubeError | undefined;
  /** Where the watch goes on; empty: a list is due. */
  #position = '';
  #highest = '';
  /** In a row, without a good watch in between. */
  #failures = 0;
  #lastFailure: KubeErrorCode | undefined;
  /** The watch under way was accepted. */
  #opened = false;
  #started = false;

  constructor(client: KubeClient, options: ListWatchOptions<T>) {
    this.#client = client;
    this.#options = options;
    this.#store = options.share?.store ?? new WatchedStore<T>();
    this.#namespace = options.share?.namespace;
    this.store = this.#store;
    this.#log = options.log ?? silentLog;
  }

  /**
   * Runs until `signal` fires. Resolves after the first complete list, which is tried until it succeeds; rejects only
   * when `signal` fires before. Meanwhile `trouble()` says why it takes so long.
   */
  start(signal: AbortSignal): Promise<void> {
    if (this.#started) throw new Error('a ListWatch starts once');
    this.#started = true;
    return new Promise((resolve, reject) => {
      this.#run(signal, resolve).then(
        () => reject(signal.reason),
        (error: unknown) => reject(error),
      );
    });
  }

  /**
   * `performance.now()` of the last proof that the watch is alive: an event, a bookmark, a complete list, a (re)connect.
   * Minus infinity before the first.
   */
  lastAlive(): number {
    return this.#lastAlive;
  }

  /** Why list or watch fail at the moment; absent while all is well. */
  trouble(): KubeError | undefined {
    return this.#trouble;
  }

  async #run(signal: AbortSignal, onListed: () => void): Promise<void> {
    while (!signal.aborted) {
      if (this.#position === '') {
        if (!(await this.#attempt(() => this.#list(signal), signal))) continue;
        onListed();
      }
      await this.#attempt(() => this.#watch(signal), signal);
    }
  }

  /** True when it went well; otherwise it has waited. */
  async #attempt(step: () => Promise<void>, signal: AbortSignal): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      if (!signal.aborted) await sleep(this.#observeFailure(error), signal);
      return false;
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const listed = new Set<string>();
    this.#options.onList?.();
    const resourceVersion = await readWholeList(this.#client, {
      path: this.#options.path,
      query: this.#options.query ?? {},
      pageSize: this.#options.pageSize ?? 500,
      signal,
      onBegin: (version) => {
        listed.clear();
        // Less than what was seen before: etcd was restored from a backup.
        if (this.#highest !== '' && compareResourceVersions(version, this.#highest) < 0)
          this.#store.distrust(this.#namespace);
      },
      onPage: (items) => {
        for (const item of items) {
          const object = this.#decode(item);
          if (object === undefined) continue;
          listed.add(buildObjectKey(object.metadata.namespace, object.metadata.name));
          this.#report(this.#store.take(object));
        }
      },
    });
    this.#report(this.#store.keepOnly(listed, this.#namespace, resourceVersion));
    this.#advance(resourceVersion);
    this.#observeLife();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { seconds, lasts, dead, good } = decideWatchTimes(this.#options, Math.random());
    const query = {
      ...this.#options.query,
      resourceVersion: this.#position,
      allowWatchBookmarks: true,
      timeoutSeconds: seconds,
    };
    const times = { ...(dead !== undefined && { idle: dead }), ...(lasts !== undefined && { lasts }) };
    const began = performance.now();
    let hadEvents = false;
    this.#opened = false;
    const onOpen = (): void => {
      this.#opened = true;
      this.#observeLife();
    };
    try {
      for await (const event of this.#client.watch(this.#options.path, query, signal, { onOpen, ...times })) {
        this.#take(event);
        this.#observeLife();
        hadEvents = true;
      }
    } finally {
      if (hadEvents || performance.now() - began > good) this.#forgetFailures();
    }
    // Ended in order, but so soon that going on at once would be a busy loop.
    if (performance.now() - began < good) throw unavailable('the watch ended at once');
    this.#options.onReconnect?.(undefined);
  }

  #take({ type, object: raw }: WatchEvent): void {
    const metadata = readMetadata(raw);
    if (metadata === undefined) throw garbled('an event without a resourceVersion');
    if (compareResourceVersions(metadata.resourceVersion, this.#position) < 0) throw garbled('an event of the past');
    if (type !== 'BOOKMARK') {
      const { namespace, name, resourceVersion } = metadata;
      const object = type === 'DELETED' ? undefined : this.#decode(raw);
      const changes =
        object === undefined ? this.#store.drop(namespace, name, resourceVersion) : this.#store.take(object);
      this.#report(changes);
    }
    this.#advance(metadata.resourceVersion);
  }

  #advance(resourceVersion: string): void {
    this.#position = resourceVersion;
    this.#highest = resourceVersion;
    this.#store.advance(this.#namespace, resourceVersion);
  }

  #decode(raw: unknown): T | undefined {
    try {
      return this.#options.decode(raw);
    } catch (error) {
      const metadata = readMetadata(raw);
      this.#log.error(
        {
          path: this.#options.path,
          namespace: metadata?.namespace,
          name: metadata?.name,
          error: readErrorPlace(error),
        },
        'an object cannot be understood and is left out',
      );
      return undefined;
    }
  }

  #report(changes: readonly Change<T>[]): void {
    for (const change of changes) {
      try {
        this.#options.onChange?.(change);
      } catch (error) {
        const { namespace, name } = change.object.metadata;
        this.#log.error(
          { path: this.#options.path, namespace, name, error: readErrorPlace(error) },
          'a change was not taken',
        );
      }
    }
  }

  #observeLife(): void {
    this.#lastAlive = performance.now();
    if (this.#trouble === undefined) return;
    this.#log.info({ path: this.#options.path }, 'list and watch work again');
    this.#trouble = undefined;
  }

  #forgetFailures(): void {
    this.#failures = 0;
    this.#lastFailure = undefined;
  }

  /** Returns how long to wait. */
  #observeFailure(thrown: unknown): number {
    const error = thrown instanceof KubeError ? thrown : garbled(readErrorPlace(thrown));
    // A watch that was accepted and then got not even a bookmark may wait for a resourceVersion that will never come.
    const silent = this.#opened && error.code === 'Timeout' && error.status === 0;
    if (error.code === 'Gone' || error.code === 'Unknown' || silent) this.#position = '';
    // The first 410 says that the server is back: no reason to wait as long as for one that is away.
    this.#failures = error.code === 'Gone' && this.#lastFailure !== 'Gone' ? 1 : this.#failures + 1;
    this.#lastFailure = error.code;
    const level = this.#trouble?.code === error.code || error.code === 'Gone' ? 'debug' : 'warn';
    this.#log[level]({ path: this.#options.path, code: error.code, reason: error.sentence }, 'list or watch failed');
    this.#trouble = error;
    this.#options.onReconnect?.(error);
    return Math.max(decideBackoff(this.#failures, this.#options.backoff ?? defaultBackoff), error.retryAfter ?? 0);
  }
}

interface Metadata {
  readonly namespace?: string;
  readonly name: string;
  readonly resourceVersion: string;
}

function readMetadata(raw: unknown): Metadata | undefined {
  const metadata = (raw as { metadata?: Partial<Metadata> } | null | undefined)?.metadata;
  return typeof metadata?.resourceVersion === 'string' ? (metadata as Metadata) : undefined;
}

/** Leads to a list. */
function garbled(sentence: string): KubeError {
  return new KubeError({ code: 'Unknown', status: 0, sentence });
}

function unavailable(sentence: string): KubeError {
  return new KubeError({ code: 'Unavailable', status: 0, sentence });
}

/** Kind and place of a bug without its message: that may quote the object. */
function readErrorPlace(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `${error.name} ${place?.trim() ?? ''}`;
}
