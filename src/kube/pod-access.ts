import { accessSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AccessSource, CachedAccess, type ClusterAccess } from './cluster-access.ts';
import type { ClusterAddress } from './read-cluster-address.ts';

/** Where a pod finds its ServiceAccount. */
const podFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

export const podTokenFile = (folder: string = podFolder): string => join(folder, 'token');

/**
 * Access as the ServiceAccount of the pod. Token and CA are read again every few seconds: the kubelet replaces both.
 * client-node, which can do this too, is not loaded for it: 60 MB and a third of a second in each gateway.
 */
export async function readPodAccess(folder: string = podFolder): Promise<ClusterAccess> {
  const read: AccessSource['read'] = async () => {
    const token = (await readFile(podTokenFile(folder), 'utf8')).trim();
    const ca = await readFile(join(folder, 'ca.crt'));
    return { headers: { authorization: `Bearer ${token}` }, tls: { ca } };
  };
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  return new CachedAccess({ server: findServer(), namespace, proxy: undefined, read });
}

/** True in a pod that has the cluster's CA where a ServiceAccount's would be, and no token (automount is off). */
export function isPodWithoutToken(folder: string = podFolder): boolean {
  const isThere = (file: string): boolean => {
    try {
      accessSync(file);
      return true;
    } catch {
      return false;
    }
  };
  const named = Boolean(process.env.KUBERNETES_SERVICE_HOST) && !process.env.KUBECONFIG;
  return named && isThere(join(folder, 'ca.crt')) && !isThere(podTokenFile(folder));
}

/** The API server of the cluster whose pod this is, for a program that has no ServiceAccount token. */
export function readPodAddress(folder: string = podFolder): ClusterAddress {
  const read: AccessSource['read'] = async () => ({ headers: {}, tls: { ca: await readFile(join(folder, 'ca.crt')) } });
  const access = new CachedAccess({ server: findServer(), namespace: undefined, proxy: undefined, read });
  return { server: access.server, proxy: undefined, readTrust: async () => (await access.readCredentials()).tls };
}

function findServer(): string {
  const host = process.env.KUBERNETES_SERVICE_HOST ?? '';
  const port = process.env.KUBERNETES_SERVICE_PORT ?? '443';
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
