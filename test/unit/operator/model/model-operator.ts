import type { Connection } from '../../../../src/api/generated/connection.ts';
import type { ConnectionGroup } from '../../../../src/api/generated/connection-group.ts';
import type { ConnectionRole } from '../../../../src/api/generated/connection-role.ts';
import { labels } from '../../../../src/api/names.ts';
import type { Secret } from '../../../../src/api/secret.ts';
import type { KeyRing } from '../../../../src/credentials/key-ring.ts';
import { decodeObject } from '../../../../src/kube/decode-object.ts';
import { WatchedStore } from '../../../../src/kube/object-store.ts';
import { buildClusterCache, type ClusterCache } from '../../../../src/operator/observe/cluster-cache.ts';
import {
  ConflictsInARow,
  type Reconciler,
  reconcileConnection,
} from '../../../../src/operator/reconcile-connection.ts';
import { buildModelClient, type HeldCall } from './model-client.ts';
import { copy, type ServerChange } from './model-server.ts';
import type { World } from './world.ts';

/** How a pass of an operator ended. */
export type Ended = { readonly kind: 'done'; readonly recheckIn: number | undefined } | { readonly kind: 'conflicts' };

/**
 * One operator process: the real `reconcileConnection` on caches that are as old as a test wants them, stopped before
 * each of its calls until the test lets it go on.
 */
export class ModelOperator {
  readonly name: string;
  /** The verifier keys that it knows of. */
  ring: KeyRing;
  /** Milliseconds that its clock is ahead. */
  skew = 0;
  /** Every call that it began, in words. */
  readonly calls: string[] = [];
  /** How the last whole pass ended. */
  ended: Ended | undefined;
  readonly #world: World;
  #cache: ClusterCache & { connections: WatchedStore<Connection>; secrets: WatchedStore<Secret> };
  #events: ServerChange[] = [];
  #held: { readonly call: HeldCall; readonly release: (call: HeldCall) => void } | undefined;
  #run: Promise<void> | undefined;
  #wake = (): void => {};
  /** Calls of a process that was killed never reach the server. */
  #life = 0;

  constructor(world: World, name: string) {
    this.#world = world;
    this.name = name;
    this.ring = world.ring;
    this.#cache = this.#buildCache();
    world.server.onChange.push((change) => this.#events.push(change));
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  get cache(): ClusterCache {
    return this.#cache;
  }

  /** The watch delivers this many events, all by default. */
  deliver(most: number = Number.POSITIVE_INFINITY): void {
    for (const change of this.#events.splice(0, most)) this.#take(change);
  }

  /** Begins a pass, or lets one call of it through. */
  async step(): Promise<void> {
    const paused = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (this.#run === undefined) this.#begin();
    else {
      const held = this.#held;
      this.#held = undefined;
      held?.release(held.call);
    }
    await paused;
  }

  /** Goes on until the pass is over. */
  async finish(): Promise<void> {
    do await this.step();
    while (this.isRunning);
  }

  /** Goes on until this many writes have reached the server, or the pass is over; begins a pass when there is none. */
  async finishWrites(most: number): Promise<void> {
    const before = this.#world.server.operatorWrites;
    if (!this.isRunning) await this.step();
    while (this.isRunning && this.#world.server.operatorWrites - before < most) await this.step();
  }

  /** The call that it waits with, if any, reaches the server, but the answer is lost. */
  loseAnswer(): void {
    if (this.#held) this.#held.call.losesAnswer = true;
  }

  /** The call that it waits with; `undefined` when it does not work. */
  get heldCall(): HeldCall | undefined {
    return this.#held?.call;
  }

  /** Dies before its next call and starts anew: new caches, all keys read. */
  restart(): void {
    this.#life++;
    this.#run = undefined;
    this.#held = undefined;
    this.#events = [];
    this.#cache = this.#buildCache();
    this.ring = this.#world.ring;
    const { server } = this.#world;
    for (const object of server.connections)
      this.#take({ by: '', kind: 'connection', type: 'added', object, previous: undefined });
    for (const object of server.secrets)
      this.#take({ by: '', kind: 'secret', type: 'added', object, previous: undefined });
  }

  reconciler(): Reconciler {
    const world = this.#world;
    const life = this.#life;
    const client = buildModelClient(
      this.name,
      world.server,
      (call) => this.#wait(call, life),
      (body) => world.onBody(body),
    );
    return {
      sources: {
        client,
        cache: this.#cache,
        settings: { connectionLimit: 0, gatewayUrl: world.gatewayUrl },
        isRecentIdentity: (name) => world.recentNames.has(name),
        keys: async (fresh) => {
          if (!fresh) return this.ring;
          await this.#wait({ isWrite: false, what: 'get keys' }, life);
          this.ring = world.ring;
          return this.ring;
        },
        isClockOff: () => Math.abs(this.skew) > 60_000,
      },
      applier: {
        client,
        observe: (written) => {
          if ('connection' in written) this.#cache.connections.observe(decodeObject(copy(written.connection)));
          else this.#cache.secrets.observe(decodeObject(copy(written.secret)));
        },
        recordEvents: (connection, events) => world.record(connection, events),
      },
      tools: () => ({ now: world.server.now + this.skew, random: world.random, bcrypt: world.bcrypt }),
    };
  }

  #begin(): void {
    const life = this.#life;
    const end = (ended: Ended): void => {
      if (life !== this.#life) return;
      this.#run = undefined;
      this.ended = ended;
      this.#wake();
    };
    this.#run = reconcileConnection(this.reconciler(), this.#world.path).then(
      (recheckIn) => end({ kind: 'done', recheckIn }),
      (error: unknown) => {
        if (error instanceof ConflictsInARow) end({ kind: 'conflicts' });
        else this.#world.onFailure(error, () => end({ kind: 'conflicts' }));
      },
    );
  }

  #wait(call: HeldCall, life: number): Promise<HeldCall> {
    return new Promise((release) => {
      if (life !== this.#life) return;
      this.calls.push(call.what);
      this.#held = { call, release };
      this.#wake();
    });
  }

  #take({ kind, type, object }: ServerChange): void {
    const { namespace, name, resourceVersion } = object.metadata;
    const store = kind === 'connection' ? this.#cache.connections : this.#cache.secrets;
    // A watch by label tells of an object that lost the label as of one that was deleted.
    const isSeen = kind === 'connection' || object.metadata.labels?.[labels.connection] !== undefined;
    if (type === 'deleted' || !isSeen) store.drop(namespace, name, resourceVersion);
    else if (kind === 'connection') this.#cache.connections.take(decodeObject(copy(object as Connection)));
    else this.#cache.secrets.take(decodeObject(copy(object as Secret)));
    store.advance(undefined, resourceVersion);
  }

  #buildCache(): ClusterCache & { connections: WatchedStore<Connection>; secrets: WatchedStore<Secret> } {
    const stores = {
      connections: new WatchedStore<Connection>(),
      secrets: new WatchedStore<Secret>(),
      roles: new WatchedStore<ConnectionRole>(),
      groups: new WatchedStore<ConnectionGroup>(),
    };
    const time = { creationTimestamp: '2026-01-01T00:00:00Z', generation: 1, resourceVersion: '1' };
    const common = { apiVersion: 'connect.pim.dev/v1beta1' };
    if (this.#world.hasRole) {
      stores.roles.take({
        ...common,
        kind: 'ConnectionRole',
        metadata: { ...time, name: 'user', uid: 'role' },
        spec: {},
      });
    }
    stores.groups.take({ ...common, kind: 'ConnectionGroup', metadata: { ...time, name: 'all', uid: 'g' }, spec: {} });
    return { ...buildClusterCache(stores), ...stores };
  }
}
