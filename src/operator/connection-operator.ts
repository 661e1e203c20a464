import type { Connection } from '../api/generated/connection.ts';
import type { ConnectionGroup } from '../api/generated/connection-group.ts';
import type { ConnectionRole } from '../api/generated/connection-role.ts';
import { labels, managerName, systemNamespace } from '../api/names.ts';
import type { Secret } from '../api/secret.ts';
import type { RandomSource } from '../credentials/random-source.ts';
import { BaseOperator } from '../kube/base-operator.ts';
import { EventRecorder } from '../kube/event-recorder.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import type { KubeLog } from '../kube/kube-log.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import { Lease } from '../kube/lease.ts';
import type { Change, ObjectStore } from '../kube/list-watch.ts';
import { WatchedStore } from '../kube/object-store.ts';
import { connectionsPath, groupsPath, rolesPath, secretsPath } from '../kube/resource-paths.ts';
import { watchPolicies } from '../kube/watch-policies.ts';
import type { Applier } from './apply/apply-decision.ts';
import { bcryptTools } from './bcrypt-tools.ts';
import { countReasons } from './count-reasons.ts';
import { findNamedKeys } from './keys/find-named-keys.ts';
import { KeyStore } from './keys/key-store.ts';
import { buildClusterCache, type ClusterCache, identityOf } from './observe/cluster-cache.ts';
import { buildOperatorMetrics, type OperatorMetrics } from './operator-metrics.ts';
import type { OperatorSettings } from './operator-settings.ts';
import { RecentIdentities } from './recent-identities.ts';
import { type Reconciler, reconcileConnection } from './reconcile-connection.ts';
import { decodeWatched } from './watch/decode-watched.ts';
import { affectedByConnection, affectedByReference, affectedBySecret, keyOf } from './watch/find-affected.ts';
import { findIgnored } from './watch/find-ignored.ts';
import { type FinishedRun, WorkQueue } from './watch/work-queue.ts';

export interface OperatorOptions {
  readonly client: KubeClient;
  readonly log: KubeLog;
  readonly settings: OperatorSettings;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: RandomSource;
  /** Different in each process; names the holder of the Lease and the instance in events. */
  readonly identity: string;
  /** The Lease was lost: nothing is written any more, the process should end. */
  readonly onLost: (sentence: string) => void;
}

/** Beyond this the clock is not good enough to rotate by schedule, in milliseconds. */
const mostSkew = 60_000;
const separator = '/';
/** Secrets that we wrote for a Connection; the key Secret is none of them. */
const ourSecrets = { labelSelector: `${labels.managedBy}=${managerName},${labels.connection}` };

/**
 * The operator: leads, watches, and reconciles Connections one key at a time. `start` resolves when it leads and has
 * seen everything once; `stop` finishes the work in hand.
 */
export class ConnectionOperator extends BaseOperator {
  readonly metrics: OperatorMetrics;
  readonly #options: OperatorOptions;
  readonly #lease: Lease;
  readonly #events: EventRecorder;
  readonly #keys: KeyStore;
  readonly #recent: RecentIdentities;
  readonly #queue: WorkQueue;
  #cache: ClusterCache | undefined;
  #isSynced = false;
  #stopped: Promise<void> | undefined;

  constructor(options: OperatorOptions) {
    super(options.client, options.log);
    const { client, log, settings, clock, random } = options;
    this.#options = options;
    this.#lease = new Lease(client, {
      namespace: systemNamespace,
      prefix: managerName,
      scope: settings.watchNamespaces,
      identity: options.identity,
      onLost: options.onLost,
      log,
    });
    this.#events = new EventRecorder(client, { controller: managerName, instance: options.identity, log });
    this.#recent = new RecentIdentities({
      client,
      configMap: { namespace: systemNamespace, name: `${this.#lease.name}-recent-names` },
      clock,
      log,
    });
    this.#keys = new KeyStore({
      client,
      secret: settings.keySecret,
      signingKeyInterval: settings.signingKeyInterval,
      clock,
      random,
      log,
      // An operator that does not see every Connection cannot know that nobody needs a key.
      findNamed: () =>
        this.#isSynced && !settings.watchNamespaces && this.#cache ? findNamedKeys(this.#cache) : undefined,
      onRing: () => this.#enqueueAll(),
      isLeader: () => this.#isLeading(),
    });
    this.#queue = new WorkQueue({
      run: (key) => this.#run(key),
      workers: settings.workers,
      onFinished: (run) => this.#observeRun(run),
    });
    this.metrics = buildOperatorMetrics({
      queueDepth: () => this.#queue.depth,
      isLeader: () => this.#isLeading(),
      connections: () => countReasons(this.#cache?.connections.values() ?? []),
      clockSkew: () => client.clockSkew(),
      watchAge: () => (this.#isSynced ? (performance.now() - this.lastAlive()) / 1000 : undefined),
    });
  }

  /** Why the operator is not ready; `undefined` when it is. One that waits for the Lease is ready to take over. */
  notReady(): string | undefined {
    if (this.#stopped) return 'stopping';
    return this.#isSynced || !this.#isLeading() ? undefined : 'reading what is there';
  }

  override async start(): Promise<void> {
    if (this.#options.settings.leaderElection) await this.#lease.acquire(this.signal);
    this.log.info({ lease: this.#lease.name }, 'leading');
    await Promise.all([this.#recent.load(this.signal), this.#keys.start(this.signal), super.start()]);
    this.#isSynced = true;
    this.#enqueueAll();
    this.log.info({ connections: this.#cache?.connections.size ?? 0 }, 'synced');
    void this.#queue.whenIdle().then(() => this.log.info({}, 'settled'));
    const onLook = (policy: string, isMissing: boolean): void =>
      this.metrics.policyMissing.set({ policy }, Number(isMissing));
    void watchPolicies({ client: this.#options.client, log: this.log, onLook }, this.signal);
  }

  /** Takes up nothing new, finishes what is in hand, writes waiting events, gives the Lease back. */
  override stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** True while nothing is due and nothing runs. For tests and benchmarks. */
  get isIdle(): boolean {
    return this.#isSynced && this.#queue.idle;
  }

  protected override async init(): Promise<void> {
    const connections = this.#watch<Connection>('connections', connectionsPath, {}, (change) =>
      this.#onConnection(change),
    );
    const secrets = this.#watch<Secret>('secrets', secretsPath, ourSecrets, (change) =>
      this.#enqueue(affectedBySecret(change)),
    );
    const roles = this.#watchClusterWide<ConnectionRole>('connectionroles', rolesPath(), (change) =>
      this.#enqueueWith((cache) => affectedByReference(cache.byRole, change)),
    );
    const groups = this.#watchClusterWide<ConnectionGroup>('connectiongroups', groupsPath(), (change) =>
      this.#enqueueWith((cache) => affectedByReference(cache.byGroup, change)),
    );
    this.#cache = buildClusterCache({ connections, secrets, roles, groups });
  }

  /** One list-watch for all namespaces, or one for each that was named, all into one store. */
  #watch<T extends KubeObject>(
    resource: string,
    path: (namespace?: string) => string,
    query: Readonly<Record<string, string>>,
    onChange: (change: Change<T>) => void,
  ): ObjectStore<T> {
    const { watchNamespaces } = this.#options.settings;
    const store = new WatchedStore<T>();
    const common = {
      query,
      onChange,
      decode: (raw: unknown) => decodeWatched<T>(raw),
      onList: () => this.metrics.relists.inc({ resource }),
    };
    if (!watchNamespaces) return this.addListWatch<T>({ ...common, path: path() }).store;
    for (const namespace of watchNamespaces) {
      this.addListWatch<T>({ ...common, path: path(namespace), share: { store, namespace } });
    }
    return store;
  }

  #watchClusterWide<T extends KubeObject>(
    resource: string,
    path: string,
    onChange: (change: Change<T>) => void,
  ): ObjectStore<T> {
    const onList = (): void => this.metrics.relists.inc({ resource });
    return this.addListWatch<T>({ path, onChange, onList, decode: (raw) => decodeWatched<T>(raw) }).store;
  }

  #onConnection(change: Change<Connection>): void {
    const { object, type } = change;
    if (type === 'deleted') {
      this.#recent.add(identityOf(object));
      this.#queue.forget(keyOf(object.metadata));
    }
    for (const { annotation } of this.#isSynced ? findIgnored(change) : []) {
      this.metrics.events.inc({ reason: 'RotationIgnored' });
      const note = `${annotation} was put back to a value that was acted on before; it does nothing. Set a new value to rotate.`;
      this.#events.record(subjectOf(object), { type: 'Normal', reason: 'RotationIgnored', note });
    }
    this.#enqueueWith((cache) => affectedByConnection(cache, change));
  }

  #enqueueWith(find: (cache: ClusterCache) => readonly string[]): void {
    if (this.#isSynced && this.#cache) this.#enqueue(find(this.#cache));
  }

  /** Until everything was listed once the caches are half full: everybody is looked at then. */
  #enqueue(keys: readonly string[]): void {
    if (this.#isSynced) for (const key of keys) this.#queue.add(key);
  }

  #enqueueAll(): void {
    this.#enqueueWith(({ connections }) => [...connections.values()].map(({ metadata }) => keyOf(metadata)));
  }

  async #run(key: string): Promise<number | undefined> {
    if (!this.#isLeading()) throw new Error('the Lease is not held');
    const [namespace = '', name = ''] = key.split(separator);
    const end = this.metrics.reconcileSeconds.startTimer();
    try {
      return await reconcileConnection(this.#reconciler(), { namespace, name });
    } finally {
      end();
    }
  }

  #reconciler(): Reconciler {
    const { client, clock, random, settings } = this.#options;
    const cache = this.#cache;
    if (!cache) throw new Error('the operator was not started');
    const sources = {
      client,
      cache,
      settings,
      isRecentIdentity: (name: string) => this.#recent.has(name),
      keys: (fresh: boolean) => (fresh ? this.#keys.readRing() : this.#keys.ring()),
      isClockOff: () => Math.abs(client.clockSkew() ?? 0) > mostSkew,
    };
    const tools = () => ({ now: clock(), random, bcrypt: bcryptTools });
    return { sources, applier: this.#applier(cache), tools };
  }

  #applier(cache: ClusterCache): Applier {
    return {
      client: this.#options.client,
      observe: (written) => {
        if ('connection' in written) cache.connections.observe(decodeWatched<Connection>(written.connection));
        else cache.secrets.observe(decodeWatched<Secret>(written.secret));
        this.metrics.writes.inc({ kind: 'connection' in written ? 'status' : 'secret' });
      },
      recordEvents: (connection, events) => {
        for (const event of events) {
          this.metrics.events.inc({ reason: event.reason });
          this.#events.record(subjectOf(connection), event);
        }
      },
    };
  }

  #isLeading(): boolean {
    return !this.#options.settings.leaderElection || this.#lease.isHeld();
  }

  #observeRun({ key, error, failures, retryIn }: FinishedRun): void {
    this.metrics.reconciles.inc({ result: error === undefined ? 'done' : 'failed' });
    if (error === undefined) return;
    const [namespace, name] = key.split(separator);
    const sentence = isKubeError(error) ? error.message : error instanceof Error ? error.name : 'unexpected trouble';
    this.log.warn({ namespace, name, error: sentence, failures, retryIn }, 'a Connection is tried again later');
  }

  async #stop(): Promise<void> {
    await this.#queue.drain();
    await super.stop();
    await this.#recent.stop();
    await this.#events.stop();
    if (this.#options.settings.leaderElection) await this.#lease.release();
  }
}

function subjectOf(connection: Connection): Connection & { readonly apiVersion: string; readonly kind: string } {
  return { ...connection, apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection' };
}
