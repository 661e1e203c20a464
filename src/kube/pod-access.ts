import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AccessSource, CachedAccess, type ClusterAccess } from './cluster-access.ts';

/** Where a pod finds its ServiceAccount. */
const podFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

export const podTokenFile = (folder: string = podFolder): string => join(folder, 'token');

/**
 * Access as the ServiceAccount of the pod. Token and CA are read again every few seconds: the kubelet replaces both.
 * client-node, which can do this too, is not loaded for it: 60 MB and a third of a second in each gateway.
 */
export async function readPodAccess(folder: string = podFolder): Promise<ClusterAccess> {
  const host = process.env.KUBERNETES_SERVICE_HOST ?? '';
  const port = process.env.KUBERNETES_SERVICE_PORT ?? '443';
  const read: AccessSource['read'] = async () => {
    const token = (await readFile(podTokenFile(folder), 'utf8')).trim();
    const ca = await readFile(join(folder, 'ca.crt'));
    return { headers: { authorization: `Bearer ${token}` }, tls: { ca } };
  };
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new CachedAccess({ server, namespace, proxy: undefined, read });
}
