import { beforeAll, expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { bindClusterRole } from './manifests/grant-rights.ts';
import { collectionPath } from './manifests/read-manifests.ts';

const cluster = sharedCluster();
const people = { view: 'alice', edit: 'bob', admin: 'carol' } as const;
let connections = '';

beforeAll(async () => {
  const namespace = await createNamespace();
  connections = collectionPath('Connection', namespace);
  for (const [role, user] of Object.entries(people)) await bindClusterRole(cluster, user, namespace, role);
  await eventually(async () => {
    for (const user of Object.values(people)) {
      expect(await cluster.request({ path: connections }, cluster.kubeconfigFor(user))).toMatchObject({ status: 200 });
    }
  });
});

test.each([
  ['view', 403],
  ['edit', 403],
  ['admin', 201],
] as const)('%s reads; creating is answered %i', async (role, created) => {
  const kubeconfig = cluster.kubeconfigFor(people[role]);
  expect(await cluster.request({ path: connections }, kubeconfig)).toMatchObject({ status: 200 });
  const body = buildConnection(`of-${role}`);
  expect(await cluster.request({ method: 'POST', path: connections, body }, kubeconfig)).toMatchObject({
    status: created,
  });
});

test('admin changes and deletes; nobody of them writes a status', async () => {
  await cluster.request({ method: 'POST', path: connections, body: buildConnection('erp') });
  const path = `${connections}/erp`;
  for (const user of Object.values(people)) {
    const write = {
      method: 'PATCH',
      path: `${path}/status`,
      body: { status: { lastUsedDate: '2026-01-01' } },
    } as const;
    expect(await cluster.request(write, cluster.kubeconfigFor(user))).toMatchObject({ status: 403 });
  }
  const admin = cluster.kubeconfigFor(people.admin);
  const body = { spec: { suspend: true } };
  expect(await cluster.request({ method: 'PATCH', path, body }, admin)).toMatchObject({ status: 200 });
  expect(await cluster.request({ method: 'DELETE', path }, admin)).toMatchObject({ status: 200 });
});

test('no shipped ClusterRole for people names connections/status or the verb issue', async () => {
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  const { body } = await cluster.request<{ items: { metadata: { name: string }; rules: object[] | null }[] }>({ path });
  const naming = body.items.filter((role) => /connections\/status|"issue"/.test(JSON.stringify(role.rules)));
  expect(naming.map((role) => role.metadata.name).filter((name) => !name.startsWith('test-'))).toEqual([
    'connection-operator',
  ]);
});
