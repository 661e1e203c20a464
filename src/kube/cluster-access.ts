import { KubeError } from './kube-error.ts';

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
  /** `authorization` and `impersonate-…`, names in lower case. */
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
  /** Cheap enough for every request: files and plugins are asked again after some seconds. Fails with a `KubeError`. */
  readCredentials(): Promise<Credentials>;
  /** After a 401: everything, the kubeconfig too, is read again before the next request. */
  forgetCredentials(): void;
}

export interface AccessSource extends Pick<ClusterAccess, 'server' | 'namespace' | 'proxy'> {
  /** Reads files and asks plugins; `anew`: also what the source itself remembers. */
  readonly read: (anew: boolean) => Promise<Credentials>;
}

/** How long credentials are taken as they are, in milliseconds. */
const keptFor = 10_000;

/** Remembers what `source` read for a few seconds, and reads once for all who ask meanwhile. */
export class CachedAccess implements ClusterAccess {
  readonly server: string;
  readonly namespace: string | undefined;
  readonly proxy: string | undefined;
  readonly #read: AccessSource['read'];
  #fresh: { readonly credentials: Credentials; readonly until: number } | undefined;
  #reading: Promise<Credentials> | undefined;
  #tls: TlsMaterial = {};
  #anew = false;

  constructor({ server, namespace, proxy, read }: AccessSource) {
    this.server = server;
    this.namespace = namespace;
    this.proxy = proxy;
    this.#read = read;
  }

  async readCredentials(): Promise<Credentials> {
    if (this.#fresh !== undefined && performance.now() < this.#fresh.until) return this.#fresh.credentials;
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  forgetCredentials(): void {
    this.#fresh = undefined;
    this.#anew = true;
  }

  async #refresh(): Promise<Credentials> {
    const anew = this.#anew;
    this.#anew = false;
    try {
      const { headers, tls } = await this.#read(anew);
      if (!isSameTls(this.#tls, tls)) this.#tls = tls;
      const credentials = { headers, tls: this.#tls };
      this.#fresh = { credentials, until: performance.now() + keptFor };
      return credentials;
    } catch (error) {
      this.#anew = anew;
      throw buildCredentialsError(error);
    }
  }
}

/** A plugin's output and a file's content stay out of the sentence. */
function buildCredentialsError(error: unknown): KubeError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const sentence = `credentials for the API server cannot be read: look at the kubeconfig's user${code}`;
  return new KubeError({ code: 'Unauthorized', status: 0, sentence });
}

function isSameTls(left: TlsMaterial, right: TlsMaterial): boolean {
  return (
    String(left.ca) === String(right.ca) &&
    String(left.cert) === String(right.cert) &&
    String(left.key) === String(right.key) &&
    left.servername === right.servername &&
    left.rejectUnauthorized === right.rejectUnauthorized
  );
}
