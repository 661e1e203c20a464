import { randomUUID } from 'node:crypto';
import type { Cluster } from './open-cluster.ts';

/** A namespace that every API server makes and that nothing here uses. */
const namespace = 'kube-node-lease';
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;

/**
 * A question whether kube-controller-manager works: it leaves an object whose owner never existed, and the answer is
 * yes when the garbage collector has removed it and the ServiceAccount controller has made the `default` of `default`.
 */
export function buildControllerProbe(cluster: Cluster): () => Promise<boolean> {
  const name = `garbage-${randomUUID()}`;
  let left = false;
  return async () => {
    if (!left) {
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'never-was', uid: randomUUID() };
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ownerReferences: [owner] } };
      left = (await cluster.request({ method: 'POST', path: configMaps, body })).status === 201;
      return false;
    }
    const garbage = await cluster.request({ path: `${configMaps}/${name}` });
    const account = await cluster.request({ path: '/api/v1/namespaces/default/serviceaccounts/default' });
    return garbage.status === 404 && account.status === 200;
  };
}
