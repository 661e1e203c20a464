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

/** ClusterRoles that somebody else than a ServiceAccount of ours gets: by name, by aggregation, or by a binding. */
test('no shipped ClusterRole for people names connections/status or the verb issue', async () => {
  const shipped = 'labelSelector=app.kubernetes.io/part-of%3Dconnection-operator';
  const [roles, bindings] = await Promise.all([
    readItems<{ rules: readonly object[] | null }>(`/apis/rbac.authorization.k8s.io/v1/clusterroles?${shipped}`),
    readItems<Binding>(`/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?${shipped}`),
  ]);
  const ofPrograms = new Set(bindings.filter(isForPrograms).map(({ roleRef }) => roleRef.name));
  const naming = roles
    .filter(({ rules }) => /connections\/status|connections\/\*|"issue"|"\*"/.test(JSON.stringify(rules)))
    .map(({ metadata }) => metadata.name);
  expect(naming.filter((name) => !ofPrograms.has(name))).toEqual([]);
  expect(naming).toContain('connection-operator');
  expect(roles.map(({ metadata }) => metadata.name).filter((name) => !ofPrograms.has(name))).toEqual(
    expect.arrayContaining(['connection-editor', 'connection-platform', 'connection-viewer']),
  );
});

interface Named {
  readonly metadata: { readonly name: string };
}

interface Binding extends Named {
  readonly roleRef: { readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly namespace?: string }[];
}

function isForPrograms({ subjects = [] }: Binding): boolean {
  return subjects.every(({ kind, namespace }) => kind === 'ServiceAccount' && namespace === 'connection-system');
}

async function readItems<T>(path: string): Promise<readonly (T & Named)[]> {
  return (await cluster.request<{ readonly items: readonly (T & Named)[] }>({ path })).body.items;
}
