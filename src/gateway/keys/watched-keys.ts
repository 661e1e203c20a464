import type { Secret } from '../../api/secret.ts';
import { decodeObject } from '../../kube/decode-object.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import type { KubeLog } from '../../kube/kube-log.ts';
import { ListWatch } from '../../kube/list-watch.ts';
import { secretsPath } from '../../kube/resource-paths.ts';
import { buildGatewayKeys, type GatewayKeys, isComplete } from './gateway-keys.ts';

export interface WatchedKeysOptions {
  readonly client: KubeClient;
  readonly log: KubeLog;
  readonly secret: { readonly namespace: string; readonly name: string };
  /** As `ListWatchOptions.renewEvery`. */
  readonly renewEvery?: number;
}

/** The key Secret, watched by name: the only Secret that a gateway may read. */
export class WatchedKeys {
  readonly #watch: ListWatch<Secret>;
  readonly #options: WatchedKeysOptions;
  #keys: GatewayKeys | undefined;

  constructor(options: WatchedKeysOptions) {
    const { client, log, secret, renewEvery } = options;
    this.#options = options;
    this.#watch = new ListWatch<Secret>(client, {
      path: secretsPath(secret.namespace),
      query: { fieldSelector: `metadata.name=${secret.name}` },
      decode: (raw) => decodeObject<Secret>(raw),
      onChange: ({ type, object }) => this.#take(type === 'deleted' ? undefined : object),
      log,
      ...(renewEvery !== undefined && { renewEvery }),
    });
  }

  /** Resolves when the key Secret was looked at once, there or not; runs until `signal` fires. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#watch.start(signal);
    if (!this.#keys) this.#take(undefined);
  }

  /** `undefined` while there is no key Secret; a kind of key may be missing in it. */
  get current(): GatewayKeys | undefined {
    return this.#keys;
  }

  /** As `ListWatch.lastAlive`: part of how stale the gateway's knowledge is. */
  lastAlive(): number {
    return this.#watch.lastAlive();
  }

  #take(secret: Secret | undefined): void {
    this.#keys = secret && buildGatewayKeys(secret.data ?? {});
    if (isComplete(this.#keys)) return;
    const { namespace, name } = this.#options.secret;
    const message = secret
      ? 'the key Secret lacks a kind of key that the operator adds: no tokens until it is there'
      : 'there is no key Secret: no token is made or accepted until the operator has made it';
    this.#options.log.warn({ secret: `${namespace}/${name}` }, message);
  }
}
