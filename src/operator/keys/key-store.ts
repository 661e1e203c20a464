import { isDeepStrictEqual } from 'node:util';
import { keyAnnotations, labels, managerName } from '../../api/names.ts';
import type { Secret } from '../../api/secret.ts';
import type { KeyRing } from '../../credentials/key-ring.ts';
import { readKeyRing } from '../../credentials/key-secret.ts';
import type { RandomSource } from '../../credentials/random-source.ts';
import { decodeObject } from '../../kube/decode-object.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { isKubeError } from '../../kube/kube-error.ts';
import type { KubeLog } from '../../kube/kube-log.ts';
import { ListWatch } from '../../kube/list-watch.ts';
import { secretPath, secretsPath } from '../../kube/resource-paths.ts';
import { WorkQueue } from '../watch/work-queue.ts';
import { decideKeys, type WantedKeys } from './decide-keys.ts';
import { ensureDefaultObjects } from './ensure-default-objects.ts';
import { ensureKeepPolicy } from './ensure-keep-policy.ts';

export interface KeyStoreOptions {
  readonly client: KubeClient;
  readonly secret: { readonly namespace: string; readonly name: string };
  /** Milliseconds after which a new signing key is made. */
  readonly signingKeyInterval: number;
  readonly clock: () => number;
  readonly random: RandomSource;
  readonly log: KubeLog;
  /** Verifier keys that somebody still needs; `undefined` when this operator does not see all Connections. */
  readonly findNamed: () => ReadonlySet<string> | undefined;
  /** The ring has another newest key, or lost one: every Connection has to be looked at. */
  readonly onRing: (ring: KeyRing) => void;
  /** Writes only while this says so. */
  readonly isLeader: () => boolean;
}

/** How often keys are looked at without a change: to make the next signing key and to drop what nothing needs. */
const recheck = 5 * 60_000;
/** The same while an old verifier key waits to be dropped. */
const recheckOld = 61_000;

/**
 * The key Secret: created when it is not there (after a live 404, never after a 403 or a timeout), watched, rotated on
 * its annotations, and the ring of verifier keys made of it.
 */
export class KeyStore {
  readonly #options: KeyStoreOptions;
  readonly #queue: WorkQueue;
  readonly #watch: ListWatch<Secret>;
  #ring: KeyRing | undefined;
  /** What `#ring` was made of. */
  #data: Secret['data'];
  #onFirst: (() => void) | undefined;

  constructor(options: KeyStoreOptions) {
    this.#options = options;
    const { namespace, name } = options.secret;
    this.#queue = new WorkQueue({
      run: () => this.#upkeep(),
      workers: 1,
      onFinished: ({ error }) => this.#report(error),
    });
    this.#watch = new ListWatch<Secret>(options.client, {
      path: secretsPath(namespace),
      query: { fieldSelector: `metadata.name=${name}` },
      decode: (raw) => decodeObject<Secret>(raw),
      onChange: ({ type, object }) => {
        if (type !== 'deleted') this.#take(object);
        this.#queue.add('keys');
      },
      log: options.log,
    });
  }

  /** Starts watching; resolves when there is a key to work with. Rejects when `signal` fires before. */
  async start(signal: AbortSignal): Promise<void> {
    const first = new Promise<void>((resolve, reject) => {
      this.#onFirst = resolve;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    signal.addEventListener('abort', () => void this.#queue.drain(), { once: true });
    await this.#watch.start(signal);
    this.#queue.add('keys');
    await first;
  }

  /** The verifier keys. After the key Secret was lost the old ones count until there are new ones. */
  ring(): KeyRing {
    if (!this.#ring) throw new Error('the key store was not started');
    return this.#ring;
  }

  /** The verifier keys as the API server has them now; while the key Secret is gone, those that counted last. */
  async readRing(): Promise<KeyRing> {
    const secret = await this.#readLive();
    if (secret) this.#take(secret);
    return this.ring();
  }

  /** Looks at the key Secret now: on becoming leader. */
  check(): void {
    this.#queue.add('keys');
  }

  /** A ring whose keys stay is the same object: whoever decided with it need not decide again. */
  #take(secret: Secret): void {
    if (isDeepStrictEqual(secret.data, this.#data)) return;
    const ring = readKeyRing(secret.data);
    if (!ring) return;
    this.#data = secret.data;
    const isSame = this.#ring?.ids.join() === ring.ids.join();
    this.#ring = ring;
    this.#onFirst?.();
    if (!isSame) this.#options.onRing(ring);
  }

  async #upkeep(): Promise<number> {
    if (!this.#options.isLeader()) return recheck;
    const { clock, random, findNamed, signingKeyInterval } = this.#options;
    const secret = await this.#readLive();
    const wanted = decideKeys({ secret, named: findNamed(), signingKeyInterval }, clock(), random);
    if (wanted.done.length === 0) {
      if (secret) this.#take(secret);
      return this.#nextCheck();
    }
    if (!secret) await this.#prepareCluster();
    this.#take(await this.#write(secret, wanted));
    this.#options.log.info({ done: wanted.done.join(', ') }, secret ? 'key Secret updated' : 'key Secret created');
    return this.#nextCheck();
  }

  /** What is created once, with the key Secret, and never touched again. */
  async #prepareCluster(): Promise<void> {
    const { client, log, secret } = this.#options;
    await ensureDefaultObjects(client);
    if (await ensureKeepPolicy(client, secret.namespace)) return;
    log.warn(
      {},
      'no right to create the policy that keeps CRDs and keys: deleting the manifests would delete them too',
    );
  }

  #nextCheck(): number {
    return (this.#ring?.ids.length ?? 0) > 1 ? recheckOld : recheck;
  }

  #write(secret: Secret | undefined, wanted: WantedKeys): Promise<Secret> {
    const { client, secret: path } = this.#options;
    if (!secret) {
      const metadata = { ...path, labels: { [labels.managedBy]: managerName } };
      const body = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: wanted.data };
      return client.create<Secret>(secretsPath(path.namespace), body);
    }
    const handled = wanted.handled === undefined ? {} : { [keyAnnotations.handled]: wanted.handled };
    const metadata = { ...secret.metadata, annotations: { ...secret.metadata.annotations, ...handled } };
    return client.replace<Secret>(secretPath(path.namespace, path.name), { ...secret, metadata, data: wanted.data });
  }

  async #readLive(): Promise<Secret | undefined> {
    const { client, secret } = this.#options;
    try {
      return await client.get<Secret>(secretPath(secret.namespace, secret.name));
    } catch (error) {
      if (isKubeError(error) && error.code === 'NotFound') return undefined;
      throw error;
    }
  }

  #report(error: unknown): void {
    if (error === undefined) return;
    const sentence = isKubeError(error) ? error.message : 'unexpected trouble';
    this.#options.log.warn({ error: sentence }, 'the key Secret could not be looked after; it is tried again');
  }
}
