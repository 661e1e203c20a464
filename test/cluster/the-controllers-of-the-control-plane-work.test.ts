import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

interface Named {
  readonly metadata: { readonly name: string; readonly uid: string };
}

test('what a deleted object owned is collected', async () => {
  const cluster = sharedCluster();
  const path = `/api/v1/namespaces/${await createNamespace()}/configmaps`;
  const create = (metadata: object): ReturnType<typeof cluster.request<Named>> =>
    cluster.request<Named>({ method: 'POST', path, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata } });
  const owner = await create({ name: 'owner' });
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.body.metadata.uid };
  await create({ name: 'owned', ownerReferences: [reference] });

  await cluster.request({ method: 'DELETE', path: `${path}/owner` });
  await eventually(async () => expect((await cluster.request({ path: `${path}/owned` })).status).toBe(404));
});

test('a deleted namespace goes away', async () => {
  const path = `/api/v1/namespaces/${await createNamespace()}`;
  await sharedCluster().request({ method: 'DELETE', path });
  await eventually(async () => expect((await sharedCluster().request({ path })).status).toBe(404));
});

test('an aggregated ClusterRole gets the rules of its parts', async () => {
  const name = `part-${randomUUID()}`;
  const rules = [{ apiGroups: ['example.com'], resources: [name], verbs: ['get'] }];
  const metadata = { name, labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } };
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  const body = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules };
  await sharedCluster().request({ method: 'POST', path, body });
  await eventually(async () => {
    const view = await sharedCluster().request<{ rules: object[] }>({ path: `${path}/view` });
    expect(view.body.rules).toContainEqual(rules[0]);
  });
});

test('a resource quota is kept', async () => {
  const namespace = `/api/v1/namespaces/${await createNamespace()}`;
  const quota = { metadata: { name: 'few' }, spec: { hard: { secrets: '1' } } };
  await sharedCluster().request({ method: 'POST', path: `${namespace}/resourcequotas`, body: quota });
  await eventually(async () => {
    const known = await sharedCluster().request<{ status: object }>({ path: `${namespace}/resourcequotas/few` });
    expect(known.body.status).toMatchObject({ hard: { secrets: '1' } });
  });
  const create = (name: string): ReturnType<ReturnType<typeof sharedCluster>['request']> =>
    sharedCluster().request({ method: 'POST', path: `${namespace}/secrets`, body: { metadata: { name } } });
  expect((await create('one')).status).toBe(201);
  expect((await create('two')).status).toBe(403);
});
