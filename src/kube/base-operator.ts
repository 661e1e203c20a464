import type { OperatorLogger, ResourceEvent, ResourceMeta } from '@dot-i/k8s-operator';
import type { KubernetesObject } from '@kubernetes/client-node';
import type { KubeClient } from './kube-client.ts';
import { isKubeError } from './kube-error.ts';
import type { KubeLog } from './kube-log.ts';
import { buildObjectKey, type KubeObject } from './kube-object.ts';
import { type Change, ListWatch, type ListWatchOptions } from './list-watch.ts';
import { type BaseLibrary, loadBaseLibrary } from './load-base-library.ts';
import { OrderedDelivery } from './ordered-delivery.ts';
import { resourcesPath } from './resource-paths.ts';

const base = loadBaseLibrary();
const Operator: BaseLibrary['default'] = base.default;
const { Added, Modified, Deleted } = base.ResourceEventType;

export type { ResourceEvent, ResourceMeta } from '@dot-i/k8s-operator';

/**
 * The base library's operator with its shape kept (`init`, `watchResource`, `start`, `stop`) and its inside replaced:
 * list-watches that lose nothing in place of a watch that ends the process, deliveries that are tried again in place of
 * one queue for everything, and our client in place of its own.
 */
export abstract class BaseOperator extends Operator {
  protected readonly client: KubeClient;
  protected readonly log: KubeLog;
  readonly #stopping = new AbortController();
  readonly #watches: ListWatch<KubeObject>[] = [];
  readonly #starting: Promise<void>[] = [];
  readonly #deliveries: OrderedDelivery<ResourceEvent>[] = [];
  readonly #paths = new Map<string, (namespace: string | undefined) => string>();

  constructor(client: KubeClient, log: KubeLog) {
    super(buildBaseLogger(log));
    this.client = client;
    this.log = log;
  }

  /** Fires when the operator is stopped. */
  protected get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Resolves when `init` is through and everything that is watched has been listed once. */
  override async start(): Promise<void> {
    await this.init();
    await Promise.all(this.#starting);
  }

  /** Ends the watches; resolves when the events in hand are dealt with. */
  override async stop(): Promise<void> {
    this.#stopping.abort(new Error('the operator is stopped'));
    await Promise.allSettled(this.#starting);
    await Promise.all(this.#deliveries.map((delivery) => delivery.settle()));
  }

  /** `performance.now()` of the last proof of life of the slowest watch; see `ListWatch.lastAlive`. */
  lastAlive(): number {
    return Math.min(...this.#watches.map((watch) => watch.lastAlive()));
  }

  /** For `init`: keeps a store of a resource up to date for as long as the operator runs. */
  protected addListWatch<T extends KubeObject>(options: ListWatchOptions<T>): ListWatch<T> {
    const watch = new ListWatch<T>(this.client, { log: this.log, ...options });
    this.#watches.push(watch as unknown as ListWatch<KubeObject>);
    const starting = watch.start(this.signal);
    // Whether it failed is asked in `start`.
    starting.catch(() => {});
    this.#starting.push(starting);
    return watch;
  }

  /**
   * For `init`: calls `onEvent` for what is there and for every change, one at a time per object. When it rejects, it is
   * called again after a backoff, with the newest state if there is a newer one; a deletion is never left out.
   */
  protected override async watchResource(
    group: string,
    version: string,
    plural: string,
    onEvent: (event: ResourceEvent) => Promise<void>,
    namespace?: string,
  ): Promise<void> {
    const id = buildId(group, version, plural);
    this.#paths.set(id, (other) => resourcesPath(group, version, plural, other));
    const delivery = new OrderedDelivery<ResourceEvent>({
      deliver: onEvent,
      replaces: (newer, older) => older.type !== Deleted && newer.type !== Deleted,
      onFailure: (event, error, failures) => this.#reportFailure(event, error, failures),
      signal: this.signal,
    });
    this.#deliveries.push(delivery);
    this.addListWatch<KubeObject>({
      path: resourcesPath(group, version, plural, namespace),
      decode: (raw) => raw as KubeObject,
      onChange: (change) => {
        const event = buildEvent(id, { group, version }, change);
        delivery.push(buildObjectKey(event.meta.namespace, event.meta.name), event);
      },
    });
  }

  /** Conditional on `meta.resourceVersion`. Fails with a `KubeError`. */
  protected override async setResourceStatus(meta: ResourceMeta, status: unknown): Promise<ResourceMeta> {
    const { name, namespace, resourceVersion, apiVersion, kind } = meta;
    const body = { apiVersion, kind, metadata: { name, namespace, resourceVersion }, status };
    return readMeta(meta, await this.client.replace<KubeObject>(`${this.#findPath(meta)}/status`, body));
  }

  /** Conditional on `meta.resourceVersion`. Fails with a `KubeError`. */
  protected override async patchResourceStatus(meta: ResourceMeta, status: unknown): Promise<ResourceMeta> {
    const body = { metadata: { resourceVersion: meta.resourceVersion }, status };
    return readMeta(meta, await this.client.patch<KubeObject>(`${this.#findPath(meta)}/status`, body));
  }

  /** Conditional on `meta.resourceVersion`, so that nobody's finalizer gets lost. */
  protected override async setResourceFinalizers(meta: ResourceMeta, finalizers: string[]): Promise<void> {
    const body = { metadata: { resourceVersion: meta.resourceVersion, finalizers } };
    await this.client.patch(this.#findPath(meta), body);
  }

  protected override getCustomResourceApiUri(
    group: string,
    version: string,
    plural: string,
    namespace?: string,
  ): string {
    return resourcesPath(group, version, plural, namespace);
  }

  /** CRDs are part of the manifests: the operator has no right to write them. */
  protected override async registerCustomResourceDefinition(): Promise<never> {
    throw new Error('custom resource definitions are installed with the manifests');
  }

  #findPath(meta: ResourceMeta): string {
    const path = this.#paths.get(meta.id);
    if (path === undefined) throw new Error(`${meta.id} is not watched`);
    return `${path(meta.namespace)}/${encodeURIComponent(meta.name)}`;
  }

  #reportFailure({ meta }: ResourceEvent, error: unknown, failures: number): void {
    const code = isKubeError(error) ? error.code : 'Unknown';
    const { id, namespace, name } = meta;
    this.log.warn({ resource: id, namespace, name, code, failures }, 'an event is dealt with again later');
  }
}

const eventTypes = { added: Added, modified: Modified, deleted: Deleted };

function buildId(group: string, version: string, plural: string): string {
  return `${plural}.${group === '' ? version : `${group}/${version}`}`;
}

/** Items of a list do not say what they are. */
function buildEvent(
  id: string,
  of: { group: string; version: string },
  { type, object }: Change<KubeObject>,
): ResourceEvent {
  const apiVersion = object.apiVersion ?? (of.group === '' ? of.version : `${of.group}/${of.version}`);
  const { name, namespace, resourceVersion } = object.metadata;
  const meta: ResourceMeta = { id, name, resourceVersion, apiVersion, kind: object.kind ?? '' };
  if (namespace !== undefined) meta.namespace = namespace;
  return { meta, type: eventTypes[type], object: object as unknown as KubernetesObject };
}

function readMeta(meta: ResourceMeta, answer: KubeObject): ResourceMeta {
  return { ...meta, resourceVersion: answer.metadata.resourceVersion };
}

function buildBaseLogger(log: KubeLog): OperatorLogger {
  return {
    debug: (message) => log.debug({}, message),
    info: (message) => log.info({}, message),
    warn: (message) => log.warn({}, message),
    error: (message) => log.error({}, message),
  };
}
