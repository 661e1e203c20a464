import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { CachedAccess, type ClusterAccess, type Credentials, type TlsMaterial } from './cluster-access.ts';
import { findKubeConfig, type KubeConfigSource } from './find-kubeconfig.ts';
import { loadKubeConfig } from './load-kubeconfig.ts';
import { readPodAccess } from './pod-access.ts';

export type { ClusterAccess } from './cluster-access.ts';
export type { KubeConfigSource } from './find-kubeconfig.ts';

/**
 * Throws an `Error` whose message tells a person what is missing. client-node does the rest of a kubeconfig (client
 * certificates, exec plugins, OIDC) and is loaded in here, not before: it takes a third of a second.
 */
export async function readClusterAccess(source: KubeConfigSource = {}): Promise<ClusterAccess> {
  const found = findKubeConfig(source);
  if (found === 'pod') return readPodAccess();
  const { KubeConfig } = await import('@kubernetes/client-node');
  const load = (): KubeConfig => loadKubeConfig(new KubeConfig(), found, source.context);
  let config = load();
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new Error(
      `${found.join(', ')} has no cluster for its context: set current-context, or choose with --context`,
    );
  }
  return new CachedAccess({
    server: cluster.server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    proxy: cluster.proxyUrl,
    read: async (anew) => {
      if (anew) config = load();
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return { headers: readHeaders(options), tls: readTls(options) };
    },
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

function readHeaders(options: RequestOptions): Credentials['headers'] {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value).trim();
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}
