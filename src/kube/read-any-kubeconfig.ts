import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Credentials, TlsMaterial } from './cluster-access.ts';
import { loadKubeConfig } from './load-kubeconfig.ts';
import type { KubeConfigReading } from './read-cluster-access.ts';

/** Reads whatever client-node can read, files merged as kubectl does. Throws an `Error` for people. */
export function readAnyKubeConfig(files: readonly string[], context: string | undefined): KubeConfigReading {
  const config = loadKubeConfig(new KubeConfig(), files, context);
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new Error(
      `${files.join(', ')} has no cluster for its context: set current-context, or choose with --context`,
    );
  }
  return {
    server: cluster.server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    proxy: cluster.proxyUrl,
    read: async () => {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return { headers: readHeaders(options), tls: readTls(options) };
    },
  };
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
