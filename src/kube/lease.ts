import { hostname } from 'node:os';
import type { KubeClient } from './kube-client.ts';
import { isKubeError } from './kube-error.ts';
import { type KubeLog, silentLog } from './kube-log.ts';
import {
  buildFreeLease,
  buildLease,
  isTaken,
  type LeaseHolder,
  type LeaseObject,
  readDuration,
} from './lease-record.ts';
import { countRefusal } from './lease-refusal.ts';
import { buildLeaseName, findOverlap, leaseLabel, leaseNamespaces, parseScope, type Scope } from './lease-scope.ts';
import { leasePath, leasesPath } from './resource-paths.ts';
import { sleep } from './sleep.ts';

/** Times of leader election in milliseconds, as in client-go. */
export interface LeaseTiming {
  /** How long a Lease counts that nobody renews. */
  readonly duration: number;
  /** After so long without a renewal its holder gives up; well below `duration`. */
  readonly renewDeadline: number;
  /** Between two renewals, and between two looks of somebody who waits. */
  readonly retryPeriod: number;
}

const defaultTiming: LeaseTiming = { duration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };

export interface LeaseOptions {
  /** Where the Leases are. */
  readonly namespace: string;
  /** Start of the Lease's name; the scope is its end. */
  readonly prefix: string;
  readonly scope: Scope;
  /** Has to be different in each process, also after a restart. Absent: host name and random characters. */
  readonly identity?: string;
  /** Called once, when the Lease was held and is no more (not after `release`): stop writing, and end the process. */
  readonly onLost: (sentence: string) => void;
  readonly log?: KubeLog;
  readonly timing?: LeaseTiming;
}

/** Another operator works on some of the same namespaces. The message is for the person who started this one. */
export class ScopeTakenError extends Error {
  override readonly name = 'ScopeTakenError';
}

/** How often two who started at once get out of each other's way before one gives up. */
const collisions = 3;

/**
 * One operator at a time for a set of namespaces. Those with the same set share one Lease and wait for it; one whose set
 * overlaps another's is refused. Clocks of other machines are never read: a Lease is dead when it did not change for as
 * long as it counts, by our own monotonic clock.
 */
export class Lease {
  readonly name: string;
  readonly identity: string;
  readonly #client: KubeClient;
  readonly #options: LeaseOptions;
  readonly #timing: LeaseTiming;
  readonly #log: KubeLog;
  readonly #holder: LeaseHolder;
  #held: LeaseObject | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #confirmed = false;
  /** A write was sent that would make it ours, and it was not given back since. */
  #claimed = false;
  #renewing: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;

  constructor(client: KubeClient, options: LeaseOptions) {
    this.#client = client;
    this.#options = options;
    this.#timing = options.timing ?? defaultTiming;
    this.#log = options.log ?? silentLog;
    this.name = buildLeaseName(options.prefix, options.scope);
    this.identity = options.identity ?? `${hostname()}_${crypto.randomUUID()}`;
    const { namespace, scope } = options;
    this.#holder = { name: this.name, namespace, identity: this.identity, scope, duration: this.#timing.duration };
  }

  /**
   * Resolves when the Lease is ours and nobody else works on any of the namespaces. Waits for as long as another process
   * holds it. Rejects with `ScopeTakenError`, or when `signal` fires.
   */
  async acquire(signal: AbortSignal): Promise<void> {
    for (let round = 1; ; round += 1) {
      await this.#refuseOverlap(signal);
      await this.#take(signal);
      this.#startRenewing();
      try {
        // Once more: of two that started at once at least one sees the other now.
        await this.#refuseOverlap(signal);
        this.#confirmed = this.#held !== undefined;
        if (this.#confirmed) return;
        await this.release();
      } catch (error) {
        await this.release();
        if (!(error instanceof ScopeTakenError) || round >= collisions) throw error;
        await sleep(Math.random() * 2 * this.#timing.retryPeriod, signal);
      }
    }
  }

  /** False from the moment on at which somebody else could have it: also in a process that was stopped for a while. */
  isHeld(): boolean {
    return this.#confirmed && performance.now() - this.#renewedAt < this.#timing.renewDeadline;
  }

  /** Gives it back, so that the next one need not wait. Does nothing when it is not held; never fails. */
  async release(): Promise<void> {
    this.#confirmed = false;
    this.#renewing?.stop.abort();
    await this.#renewing?.done;
    this.#renewing = undefined;
    const held = this.#held;
    const claimed = this.#claimed;
    this.#held = undefined;
    this.#claimed = false;
    if (!claimed) return;
    try {
      await (held === undefined ? this.#clearAnew() : this.#clear(held));
    } catch (error) {
      const again = isKubeError(error, 'Conflict') ? this.#clearAnew() : Promise.reject(error);
      await again.catch((reason: unknown) => this.#report('the Lease could not be released', reason));
    }
  }

  /** A write that was broken off may have come through: then the Lease is ours, but not as we know it. */
  async #clearAnew(): Promise<void> {
    const lease = await this.#read(AbortSignal.timeout(this.#timing.retryPeriod * 2));
    if (lease?.spec?.holderIdentity === this.identity) await this.#clear(lease);
  }

  async #take(signal: AbortSignal): Promise<void> {
    let seen: { lease: LeaseObject; at: number } | undefined;
    let refused = 0;
    for (;;) {
      signal.throwIfAborted();
      try {
        const lease = await this.#read(signal);
        if (lease === undefined) return await this.#write(undefined, signal, this.#timing.renewDeadline);
        if (seen?.lease.metadata.resourceVersion !== lease.metadata.resourceVersion)
          seen = { lease, at: performance.now() };
        if (!isTaken(lease) || performance.now() - seen.at > readDuration(lease)) {
          return await this.#write(lease, signal, this.#timing.renewDeadline);
        }
        this.#log.debug({ lease: this.name, holder: lease.spec?.holderIdentity }, 'another operator leads');
      } catch (error) {
        signal.throwIfAborted();
        if (!isKubeError(error, 'Conflict', 'AlreadyExists')) this.#report('the Lease cannot be taken', error);
        refused = countRefusal(error, refused, this.#options.namespace);
      }
      await sleep(this.#timing.retryPeriod * (1 + 0.2 * Math.random()), signal);
    }
  }

  /** Throws when another set of namespaces overlaps ours and its operator is alive. */
  async #refuseOverlap(signal: AbortSignal): Promise<void> {
    const first = new Map<string, { lease: LeaseObject; at: number }>();
    for (;;) {
      const others = await this.#readOthers(signal);
      let undecided = 0;
      for (const lease of others) {
        const seen = first.get(lease.metadata.name);
        if (seen === undefined) first.set(lease.metadata.name, { lease, at: performance.now() });
        else if (seen.lease.metadata.resourceVersion !== lease.metadata.resourceVersion)
          throw this.#buildRefusal(lease);
        else if (performance.now() - seen.at > readDuration(lease)) await this.#clear(lease).catch(() => {});
        undecided += 1;
      }
      if (undecided === 0) return;
      await sleep(this.#timing.retryPeriod / 2, signal);
      signal.throwIfAborted();
    }
  }

  /** Leases that somebody holds and whose namespaces overlap ours. Waits for an API server that is away. */
  async #readOthers(signal: AbortSignal): Promise<LeaseObject[]> {
    let refused = 0;
    for (;;) {
      signal.throwIfAborted();
      try {
        const query = { labelSelector: leaseLabel };
        const { items } = await this.#client.list<LeaseObject>(leasesPath(this.#options.namespace), query, { signal });
        return items.filter(
          (lease) => lease.metadata.name !== this.name && isTaken(lease) && this.#findOverlap(lease).length > 0,
        );
      } catch (error) {
        signal.throwIfAborted();
        this.#report('other Leases cannot be read', error);
        refused = countRefusal(error, refused, this.#options.namespace);
      }
      await sleep(this.#timing.retryPeriod, signal);
    }
  }

  #findOverlap(lease: LeaseObject): readonly string[] {
    return findOverlap(this.#options.scope, parseScope(lease.metadata.annotations?.[leaseNamespaces]));
  }

  #buildRefusal(lease: LeaseObject): ScopeTakenError {
    const shared = this.#findOverlap(lease);
    const what = shared[0] === '*' ? 'all namespaces' : `namespace ${shared.slice(0, 5).join(', ')}`;
    return new ScopeTakenError(
      `another operator (Lease ${this.#options.namespace}/${lease.metadata.name}, holder ${lease.spec?.holderIdentity}) ` +
        `works on ${what} already: a namespace belongs to one operator. Stop it, or give the two sets of ` +
        '--watch-namespaces that are equal (the second one then waits) or have no namespace in common',
    );
  }

  #startRenewing(): void {
    const stop = new AbortController();
    this.#renewing = { stop, done: this.#renew(stop.signal) };
  }

  async #renew(signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(this.#timing.retryPeriod, signal);
      const held = this.#held;
      if (signal.aborted || held === undefined) return;
      const left = this.#timing.renewDeadline - (performance.now() - this.#renewedAt);
      if (left <= 0) return this.#lose('it could not be renewed in time');
      try {
        await this.#write(held, signal, left);
      } catch (error) {
        if (signal.aborted) return;
        if (isKubeError(error, 'Conflict', 'NotFound')) {
          if (!(await this.#isStillOurs(signal)))
            return this.#lose('another operator took it, or somebody changed or deleted it');
        } else {
          this.#report('the Lease was not renewed', error);
        }
      }
    }
  }

  /** After a conflict: an own write whose answer was lost looks like that too. */
  async #isStillOurs(signal: AbortSignal): Promise<boolean> {
    try {
      const lease = await this.#read(signal);
      if (lease?.spec?.holderIdentity !== this.identity) return false;
      this.#held = lease;
      return true;
    } catch {
      return true;
    }
  }

  #lose(why: string): void {
    const confirmed = this.#confirmed;
    this.#confirmed = false;
    this.#held = undefined;
    if (confirmed) this.#options.onLost(`the Lease ${this.#options.namespace}/${this.name} is lost: ${why}`);
  }

  async #read(signal: AbortSignal): Promise<LeaseObject | undefined> {
    try {
      return await this.#client.get<LeaseObject>(leasePath(this.#options.namespace, this.name), { signal });
    } catch (error) {
      if (isKubeError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /** Takes or renews it: creates it when `current` is absent, fails with `Conflict` when it is not as `current` any more. */
  async #write(current: LeaseObject | undefined, signal: AbortSignal, timeout: number): Promise<void> {
    const { namespace } = this.#options;
    // Others count from when they see the write; counting from before it was sent, we give up first.
    const began = performance.now();
    const body = buildLease(this.#holder, current);
    this.#claimed = true;
    this.#held = current
      ? await this.#client.replace<LeaseObject>(leasePath(namespace, this.name), body, { signal, timeout })
      : await this.#client.create<LeaseObject>(leasesPath(namespace), body, { signal, timeout });
    this.#renewedAt = began;
  }

  async #clear(lease: LeaseObject): Promise<void> {
    const path = leasePath(this.#options.namespace, lease.metadata.name);
    await this.#client.replace(path, buildFreeLease(lease), { timeout: this.#timing.retryPeriod * 2 });
  }

  #report(what: string, error: unknown): void {
    const reason = isKubeError(error) ? { code: error.code, reason: error.sentence } : { code: 'Unknown' };
    this.#log.warn({ lease: this.name, ...reason }, what);
  }
}
