import type { TlsMaterial } from './cluster-access.ts';
import type { KubeConfigSource } from './find-kubeconfig.ts';
import { isPodWithoutToken, readPodAddress } from './pod-access.ts';
import { readClusterAccess } from './read-cluster-access.ts';

/** Where the API server is and how it is recognised, without the credentials of anybody. */
export interface ClusterAddress {
  readonly server: string;
  readonly proxy: string | undefined;
  /** The same object as long as nothing in it changes. Fails with a `KubeError`. */
  readTrust(): Promise<TlsMaterial>;
}

/**
 * The address in a kubeconfig or of the cluster whose pod this is. Client certificate and token beside it are left
 * alone. Throws an `Error` whose message tells a person what is missing.
 */
export async function readClusterAddress(source: KubeConfigSource = {}): Promise<ClusterAddress> {
  if (source.kubeconfig === undefined && isPodWithoutToken()) return readPodAddress();
  const access = await readClusterAccess(source);
  let from: TlsMaterial | undefined;
  let trust: TlsMaterial = {};
  return {
    server: access.server,
    proxy: access.proxy,
    async readTrust() {
      const { tls } = await access.readCredentials();
      if (tls !== from) {
        const { cert: _cert, key: _key, ...rest } = tls;
        from = tls;
        trust = rest;
      }
      return trust;
    },
  };
}
