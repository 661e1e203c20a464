import { expect, test } from 'vitest';
import { isKubeError } from '../../src/kube/kube-error.ts';
import { resourcesPath } from '../../src/kube/resource-paths.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';
import { followConfigMaps } from './kube/followed-config-maps.ts';

test('from before it exists until it is gone, with a right that names it', async () => {
  const namespace = await createNamespace();
  const admin = await connectClient(sharedCluster());
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'one' } };
  const verbs = ['get', 'list', 'watch'];
  await admin.create(`${rbac}/roles`, {
    ...role,
    rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['keys'], verbs }],
  });
  await admin.create(`${rbac}/rolebindings`, {
    ...role,
    kind: 'RoleBinding',
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'alice' }],
  });

  const client = await connectClient(sharedCluster(), { kubeconfig: sharedCluster().kubeconfigFor('alice') });
  const path = resourcesPath('', 'v1', 'configmaps', namespace);
  await expect(client.list(path)).rejects.toSatisfy((error: unknown) => isKubeError(error, 'Forbidden'));
  const { watch, changes } = await followConfigMaps(sharedCluster(), client, namespace, {
    query: { fieldSelector: 'metadata.name=keys' },
  });
  expect(watch.store.size).toBe(0);

  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } };
  await admin.create(path, body);
  await admin.create(path, { ...body, metadata: { name: 'keys' } });
  await admin.patch(`${path}/keys`, { data: { a: 'b' } });
  await admin.delete(`${path}/keys`);
  await expect.poll(() => changes).toEqual(['added keys', 'modified keys', 'deleted keys']);
});
