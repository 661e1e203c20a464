import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { KubeError } from './kube-error.ts';
import { type KubeConfigSource, loadKubeConfig } from './load-kube-config.ts';

/** What a connection is opened with. The same object as long as nothing in it changes. */
export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  /** False: the server's certificate is not checked (`insecure-skip-tls-verify`). */
  readonly rejectUnauthorized?: boolean;
}

/** Who we are, as of now. */
export interface Credentials {
  /** `Authorization` and `Impersonate-…`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

/** Where the API server is and who we are. */
export interface ClusterAccess {
  /** Origin and, behind some proxies, a path. */
  readonly server: string;
  /** Namespace of the kubeconfig's context or of the pod. */
  readonly namespace: string | undefined;
  /** Of an HTTP proxy in front of the API server. */
  readonly proxy: string | undefined;
  /** Cheap enough for every request: files and plugins are asked again after some seconds. */
  readCredentials(): Promise<Credentials>;
  /** After a 401: everything, the kubeconfig too, is read again before the next request. */
  forgetCredentials(): void;
}

/** How long credentials are taken as they are, in milliseconds. */
const keptFor = 10_000;

/**
 * Throws an `Error` whose message tells a person what is missing. client-node is loaded in here and not before: it takes
 * a third of a second.
 */
export async function readClusterAccess(options: KubeConfigSource = {}): Promise<ClusterAccess> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  return new ConfiguredAccess(() => loadKubeConfig(new KubeConfig(), options));
}

class ConfiguredAccess implements ClusterAccess {
  readonly server: string;
  readonly namespace: string | undefined;
  readonly proxy: string | undefined;
  readonly #load: () => KubeConfig;
  #config: KubeConfig;
  #fresh: { credentials: Credentials; until: number } | undefined;
  #reading: Promise<Credentials> | undefined;
  #tls: TlsMaterial = {};
  #forgotten = false;

  constructor(load: () => KubeConfig) {
    this.#load = load;
    this.#config = load();
    const cluster = this.#config.getCurrentCluster();
    if (!cluster?.server) throw new Error('the kubeconfig names no cluster: set its current-context');
    this.server = cluster.server;
    this.proxy = cluster.proxyUrl;
    this.namespace = this.#config.getContextObject(this.#config.getCurrentContext())?.namespace;
  }

  async readCredentials(): Promise<Credentials> {
    if (this.#fresh !== undefined && performance.now() < this.#fresh.until) return this.#fresh.credentials;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  forgetCredentials(): void {
    this.#fresh = undefined;
    this.#forgotten = true;
  }

  async #read(): Promise<Credentials> {
    const options: RequestOptions = {};
    try {
      if (this.#forgotten) this.#config = this.#load();
      this.#forgotten = false;
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw credentialsError(error);
    }
    const tls = readTls(options);
    if (!isSameTls(this.#tls, tls)) this.#tls = tls;
    const credentials = { headers: readHeaders(options), tls: this.#tls };
    this.#fresh = { credentials, until: performance.now() + keptFor };
    return credentials;
  }
}

/** A plugin's output and a file's content stay out of the sentence. */
function credentialsError(error: unknown): KubeError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return new KubeError({
    code: 'Unauthorized',
    status: 0,
    sentence: `credentials for the API server cannot be read: look at the kubeconfig's user${code}`,
  });
}

function readTls(options: RequestOptions): TlsMaterial {
  return {
    ...(options.ca ? { ca: options.ca as string | Buffer } : {}),
    ...(options.cert ? { cert: options.cert as string | Buffer } : {}),
    ...(options.key ? { key: options.key as string | Buffer } : {}),
    ...(options.servername ? { servername: options.servername } : {}),
    ...(options.rejectUnauthorized === false ? { rejectUnauthorized: false } : {}),
  };
}

function isSameTls(left: TlsMaterial, right: TlsMaterial): boolean {
  return (
    `${left.ca}` === `${right.ca}` &&
    `${left.cert}` === `${right.cert}` &&
    `${left.key}` === `${right.key}` &&
    left.servername === right.servername &&
    left.rejectUnauthorized === right.rejectUnauthorized
  );
}

function readHeaders(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value).trim();
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}
