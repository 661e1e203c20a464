import type { KubeClient, ObjectList, Query, WatchEvent, WatchOptions } from '../../../../src/kube/kube-client.ts';
import { KubeError } from '../../../../src/kube/kube-error.ts';

/** Any object of the API, as far as this cluster looks at it. */
export interface ClusterObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

interface HistoryEvent {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: ClusterObject;
}

const plurals: Readonly<Record<string, string>> = {
  Connection: 'connections',
  ConnectionRole: 'connectionroles',
  ConnectionGroup: 'connectiongroups',
  Secret: 'secrets',
};

/** An API server in memory that lists and watches, with selectors and namespaces, and can be away. */
export class MemoryCluster {
  readonly #objects = new Map<string, ClusterObject>();
  readonly #history: HistoryEvent[] = [];
  readonly #wake = new Set<() => void>();
  #version = 100;
  #isAway = false;

  /** What a gateway uses of a client. */
  readonly client: KubeClient = {
    list: async (path: string, query: Query = {}) => this.#list(path, query),
    watch: (path: string, query: Query, signal: AbortSignal, options?: WatchOptions) =>
      this.#watch(path, query, signal, options ?? {}),
  } as Partial<KubeClient> as KubeClient;

  /** Creates or replaces; resolves when every watch has been told. */
  async put<T extends object>(object: T): Promise<T> {
    const given = structuredClone(object) as T & ClusterObject;
    const key = keyOf(given);
    this.#version += 1;
    const metadata = { ...given.metadata, resourceVersion: String(this.#version) };
    const stored = { ...given, metadata };
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#objects.set(key, stored);
    await this.#record(type, stored);
    return structuredClone(stored);
  }

  async remove(object: object): Promise<void> {
    const key = keyOf(object as ClusterObject);
    const known = this.#objects.get(key);
    if (!known) return;
    this.#objects.delete(key);
    this.#version += 1;
    await this.#record('DELETED', {
      ...known,
      metadata: { ...known.metadata, resourceVersion: String(this.#version) },
    });
  }

  /** Ends every watch and answers nothing until it is back. */
  async setAway(isAway: boolean): Promise<void> {
    this.#isAway = isAway;
    await this.#tell();
  }

  async #record(type: HistoryEvent['type'], object: ClusterObject): Promise<void> {
    this.#history.push({ version: this.#version, type, object });
    await this.#tell();
  }

  async #tell(): Promise<void> {
    for (const wake of [...this.#wake]) wake();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #list<T>(path: string, query: Query): ObjectList<T> {
    this.#refuseWhenAway();
    const items = [...this.#objects.values()].filter((object) => isShown(path, query, object));
    return { items: structuredClone(items) as T[], resourceVersion: String(this.#version) };
  }

  async *#watch(path: string, query: Query, signal: AbortSignal, options: WatchOptions): AsyncIterable<WatchEvent> {
    this.#refuseWhenAway();
    options.onOpen?.();
    let position = Number(query.resourceVersion);
    while (!signal.aborted) {
      this.#refuseWhenAway();
      const next = this.#history.find(({ version }) => version > position);
      if (!next) {
        await this.#waitForNews(signal);
        continue;
      }
      position = next.version;
      const { type, object } = next;
      if (isShown(path, query, object)) yield { type, object: structuredClone(object) };
      // As the API server: what no longer fits the selector is deleted for this watch.
      else if (isShown(path, {}, object)) yield { type: 'DELETED', object: structuredClone(object) };
    }
  }

  #waitForNews(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wake.delete(wake);
        resolve();
      };
      this.#wake.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #refuseWhenAway(): void {
    if (this.#isAway) throw new KubeError({ code: 'Unavailable', status: 0, sentence: 'away' });
  }
}

function keyOf({ kind, metadata }: ClusterObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function isShown(path: string, query: Query, { kind, metadata }: ClusterObject): boolean {
  const [, namespace, plural] = /(?:\/namespaces\/([^/]+))?\/([a-z]+)$/.exec(path) ?? [];
  if (plurals[kind] !== plural || (namespace !== undefined && namespace !== metadata.namespace)) return false;
  const [, name] = /^metadata\.name=(.+)$/.exec(String(query.fieldSelector ?? '')) ?? [];
  if (name !== undefined && name !== metadata.name) return false;
  const [key, value] = String(query.labelSelector ?? '').split('=');
  return !key || metadata.labels?.[key] === value;
}
