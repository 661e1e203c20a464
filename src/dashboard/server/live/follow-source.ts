import type { LiveChange, LiveObjects, LivePage, LiveSource } from '../../../api/dashboard-api.ts';
import { decideBackoff } from '../../../kube/backoff.ts';
import type { KubeClient, WatchEvent } from '../../../kube/kube-client.ts';
import { isKubeError } from '../../../kube/kube-error.ts';
import { connectionsPath, groupsPath, rolesPath } from '../../../kube/resource-paths.ts';
import { sleep } from '../../../kube/sleep.ts';
import { stripObject } from '../api/strip-object.ts';
import type { EventStream } from './event-stream.ts';

type LiveObject = LiveObjects[keyof LiveObjects];

/** Objects in one event: enough to be quick, little enough to hold in memory for each viewer. */
const pageSize = 250;
/**
 * Seconds after which a watch is opened anew. The API server asks whether somebody may watch when it opens one and not
 * again: so long does a right that was taken away go on working.
 */
const watchSeconds = 30;
/** Milliseconds until something that was refused is asked for again. */
const deniedFor = 30_000;
const retries = { base: 1_000, cap: 15_000 };

/** What a source is followed with. */
export interface FollowOptions {
  readonly client: KubeClient;
  readonly source: LiveSource;
  readonly stream: EventStream;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Sends the list of a source and every change of it until `signal` fires. Fails with the `KubeError` of a token that is
 * not good any more, and with no other.
 */
export async function followSource(options: FollowOptions): Promise<void> {
  await new SourceFollower(options).run();
}

class SourceFollower {
  readonly #options: FollowOptions;
  readonly #path: string;
  /** Where the watch goes on; absent: the list comes first. */
  #version: string | undefined;
  /** What the viewer was told last. */
  #told: 'nothing' | 'denied' | 'trouble' | 'live' = 'nothing';
  #failures = 0;
  /** The list is allowed and the watch is not: the list is read again and again. */
  #isWatchDenied = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#path = findPath(options.source);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#sendList();
        await this.#sendChanges();
        this.#failures = 0;
      } catch (error) {
        if (!signal.aborted) await this.#recover(error);
      }
    }
  }

  async #sendList(): Promise<void> {
    const { client, stream, source, signal } = this.#options;
    let version: string | undefined;
    let next: string | undefined;
    let first = true;
    do {
      const query = { limit: pageSize, continue: next };
      const page = await client.list<LiveObject>(this.#path, query, { signal });
      const items = page.items.map(stripObject);
      await stream.send('page', { ...source, first, items } as LivePage);
      if (signal.aborted) return;
      [first, next, version] = [false, page.continue, page.resourceVersion];
    } while (next !== undefined);
    this.#version = version;
    await stream.send('ready', source);
    this.#told = 'live';
  }

  async #sendChanges(): Promise<void> {
    const { client, stream, source, signal } = this.#options;
    if (this.#isWatchDenied) {
      await sleep(deniedFor, signal);
      this.#version = undefined;
      this.#isWatchDenied = false;
      return;
    }
    const query = { resourceVersion: this.#version, allowWatchBookmarks: true, timeoutSeconds: watchSeconds };
    const onOpen = (): void => {
      if (this.#told === 'trouble') void stream.send('resumed', source);
      this.#told = 'live';
      this.#failures = 0;
    };
    for await (const event of client.watch(this.#path, query, signal, { onOpen })) await this.#sendChange(event);
  }

  async #sendChange({ type, object }: WatchEvent): Promise<void> {
    const { stream, source } = this.#options;
    const { metadata } = object as LiveObject;
    if (type !== 'BOOKMARK') {
      const change = { ...source, type: type === 'DELETED' ? 'removed' : 'changed', object: stripObject(object) };
      await stream.send('change', change as LiveChange);
    }
    this.#version = metadata.resourceVersion;
  }

  async #recover(error: unknown): Promise<void> {
    const { stream, source, signal } = this.#options;
    if (!isKubeError(error) || error.status === 401) throw error;
    if (error.code === 'Gone') {
      this.#version = undefined;
      await sleep(decideBackoff(++this.#failures, retries), signal);
    } else if (error.code === 'Forbidden' || error.code === 'NotFound') {
      const wasListed = this.#version !== undefined;
      this.#version = undefined;
      // The list says whether it is the watch alone that is refused.
      if (wasListed && this.#told === 'live') {
        this.#isWatchDenied = true;
        return;
      }
      if (this.#told !== 'denied') await stream.send('denied', { ...source, message: error.sentence });
      this.#told = 'denied';
      await sleep(deniedFor, signal);
    } else {
      if (this.#told !== 'trouble') await stream.send('trouble', { ...source, message: error.sentence });
      this.#told = 'trouble';
      await sleep(error.retryAfter ?? decideBackoff(++this.#failures, retries), signal);
    }
  }
}

function findPath({ kind, namespace }: LiveSource): string {
  if (kind === 'connections') return connectionsPath(namespace);
  return kind === 'roles' ? rolesPath() : groupsPath();
}
