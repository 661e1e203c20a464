import { CachedAccess, type ClusterAccess, type Credentials } from './cluster-access.ts';
import { findKubeConfig, type KubeConfigSource } from './find-kubeconfig.ts';
import { readPodAccess } from './pod-access.ts';
import { readPlainKubeConfig } from './read-plain-kubeconfig.ts';

export type { ClusterAccess } from './cluster-access.ts';
export type { KubeConfigSource } from './find-kubeconfig.ts';

/** What a kubeconfig says of one context. */
export interface KubeConfigReading {
  readonly server: string;
  readonly namespace: string | undefined;
  /** Of an HTTP proxy in front of the API server. */
  readonly proxy: string | undefined;
  /** Reads files and asks plugins that the kubeconfig names. */
  readonly read: () => Promise<Credentials>;
}

/**
 * Throws an `Error` whose message tells a person what is missing. client-node reads what is rarer than a token or a
 * client certificate (exec plugins, OIDC, proxies, several files) and is loaded then, not before: it takes a third of a
 * second and 60 MB.
 */
export async function readClusterAccess(source: KubeConfigSource = {}): Promise<ClusterAccess> {
  const found = findKubeConfig(source);
  if (found === 'pod') return readPodAccess();
  const open = async (): Promise<KubeConfigReading> => {
    const plain = readPlainKubeConfig(found, source.context);
    if (plain !== undefined) return plain;
    const { readAnyKubeConfig } = await import('./read-any-kubeconfig.ts');
    return readAnyKubeConfig(found, source.context);
  };
  let reading = await open();
  const { server, namespace, proxy } = reading;
  return new CachedAccess({
    server,
    namespace,
    proxy,
    read: async (anew) => {
      if (anew) reading = await open();
      return reading.read();
    },
  });
}
