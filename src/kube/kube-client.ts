import type { ClusterAccess } from './cluster-access.ts';
import { type SendOptions, Transport } from './transport.ts';
import { openWatch } from './watch-stream.ts';

/** Query parameters; those that are `undefined` are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a caller can say about one call. */
export interface CallOptions {
  /** Ends the call with a `KubeError` of code `Timeout`; a write may have been acted on nevertheless. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for an answer in milliseconds; absent: that of the client. */
  readonly timeout?: number | undefined;
  /** Writes only: the API server checks everything and stores nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface DeleteOptions extends CallOptions {
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
}

/** Absent fields are not looked at. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** One page of a list. */
export interface ObjectList<T> {
  readonly items: T[];
  /** What the whole list shows, the same on each page; a watch goes on from here. */
  readonly resourceVersion: string;
  /** Absent on the last page. Expires after about five minutes with `Gone`. */
  readonly continue?: string;
}

/** One line of a watch. Type ERROR never comes: it is thrown as `KubeError`. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  /** As it came; for a BOOKMARK only `metadata.resourceVersion` says something. */
  readonly object: unknown;
}

export interface WatchOptions {
  /** Called when the API server has accepted the watch, before any event. */
  readonly onOpen?: () => void;
  /** Milliseconds without any byte after which the connection counts as dead (`KubeError` Timeout). Absent: 100 s. */
  readonly idle?: number;
  /** Milliseconds from its acceptance after which it is ended in order, whatever the API server does. Absent: never. */
  readonly lasts?: number;
}

/**
 * The API server as the programs see it. Every failure is a `KubeError`. Nothing is tried again in here: whoever calls
 * knows whether the same call is still right.
 */
export interface KubeClient {
  /** `NotFound` when it does not exist. */
  get<T>(path: string, options?: CallOptions): Promise<T>;
  /** One page; the whole list when `query` has no `limit`. */
  list<T>(path: string, query?: Query, options?: CallOptions): Promise<ObjectList<T>>;
  /** `AlreadyExists` when the name is taken. */
  create<T>(path: string, body: object, options?: CallOptions): Promise<T>;
  /** PUT: conditional (`Conflict`) when the body carries `metadata.resourceVersion`, and it always should. */
  replace<T>(path: string, body: object, options?: CallOptions): Promise<T>;
  /** `merge` (RFC 7386) when `kind` is absent; `json` is RFC 6902; `apply` is server-side apply and takes `query.force`. */
  patch<T>(path: string, body: object, kind?: PatchKind, query?: Query, options?: CallOptions): Promise<T>;
  /** `NotFound` when it is gone already, `Conflict` when a precondition fails. */
  delete(path: string, preconditions?: Preconditions, options?: DeleteOptions): Promise<void>;
  /**
   * Events from `query.resourceVersion` on. Ends without an error when the server ends it in order or `signal` fires;
   * otherwise throws, with `Gone` when the resourceVersion is too old.
   */
  watch(path: string, query: Query, signal: AbortSignal, options?: WatchOptions): AsyncIterable<WatchEvent>;
  /**
   * Milliseconds that the local wall clock is ahead of the API server's `Date`, as of the last answer, give or take
   * half a second and half the time that answer took. `undefined` before the first.
   */
  clockSkew(): number | undefined;
  /** Ends connections, and with them everything under way. */
  close(): Promise<void>;
}

export type PatchKind = 'merge' | 'json' | 'apply';

export interface KubeClientOptions {
  /** Where the API server is and who we are: `await readClusterAccess({ kubeconfig })`. */
  readonly access: ClusterAccess;
  /** Name under which fields are owned, on every write. Absent: the program's user agent decides, as the API does. */
  readonly fieldManager?: string;
  /** Longest wait for an answer, in milliseconds. Default 30,000. */
  readonly timeout?: number;
  /**
   * Milliseconds after which a connection counts as dead that shows no sign of life, answers to HTTP/2 PINGs included.
   * Default 25,000. Everything under way on it fails then, watches too.
   */
  readonly silence?: number;
  /** Default `connection-operator`. */
  readonly userAgent?: string;
}

/** Opens no connection before the first call. */
export function buildKubeClient(options: KubeClientOptions): KubeClient {
  const transport = new Transport(options);
  const manager: Query = { fieldManager: options.fieldManager };
  const write = <T>({ dryRun, ...send }: SendOptions & Pick<CallOptions, 'dryRun'>): Promise<T> =>
    transport.send<T>({ ...send, query: { ...manager, dryRun: dryRun ? 'All' : undefined, ...send.query } });
  return {
    get: (path, call) => transport.send({ method: 'GET', path, ...call }),
    list: async <T>(path: string, query?: Query, call?: CallOptions) =>
      readList<T>(await transport.send<RawList<T>>({ method: 'GET', path, query, ...call })),
    create: (path, body, call) => write({ method: 'POST', path, body, ...call }),
    replace: (path, body, call) => write({ method: 'PUT', path, body, ...call }),
    patch: (path, body, kind = 'merge', query = {}, call = {}) =>
      write({ method: 'PATCH', path, query, body, contentType: patchTypes[kind], ...call }),
    delete: async (path, preconditions, call = {}) => {
      const { propagationPolicy, ...rest } = call;
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions, propagationPolicy };
      await transport.send({ method: 'DELETE', path, body, ...rest });
    },
    watch: (path, query, signal, watchOptions = {}) => openWatch(transport, { path, query, signal, ...watchOptions }),
    clockSkew: () => transport.clockSkew(),
    close: () => transport.close(),
  };
}

const patchTypes: Readonly<Record<PatchKind, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

interface RawList<T> {
  readonly items?: T[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

function readList<T>(raw: RawList<T>): ObjectList<T> {
  const page = { items: raw.items ?? [], resourceVersion: raw.metadata?.resourceVersion ?? '' };
  return raw.metadata?.continue ? { ...page, continue: raw.metadata.continue } : page;
}
