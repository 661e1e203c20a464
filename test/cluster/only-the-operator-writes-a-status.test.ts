import { beforeAll, expect, test } from 'vitest';
import type { Connection, ConnectionStatus } from '../../src/api/generated/connection.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { operatorKubeconfig } from './control-plane/start-operator.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { everything, grantEverywhere, grantInNamespace } from './manifests/grant-rights.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { type Verdict, writeAs } from './manifests/write-as.ts';

const cluster = sharedCluster();
const owner = cluster.kubeconfigFor('bob');
/** Kubeconfig that stands for the gateway's: may write `connections/status` everywhere and has not the verb `issue`. */
let gateway = '';
const refusal = 'leave everything but lastUsedDate as it is';
const issued: Partial<ConnectionStatus> = {
  code: 'erp',
  clientId: 'erp_0123456789abcdefghijklmn',
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Issued',
      message: 'Issued',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ],
  credentials: {
    uid: 'some-uid',
    issuedAt: '2026-01-01T00:00:00Z',
    password: [
      {
        version: '1-k3x9q2',
        key: 'k',
        alg: 'hmac-sha256',
        hash: 'aGFzaA',
        issued: '2026-01-01T00:00:00Z',
        pending: true,
      },
    ],
  },
};
let namespace = '';

const path = (name: string): string => `${collectionPath('Connection', namespace)}/${name}`;
const patchStatus = (kubeconfig: string | undefined, name: string, status: unknown): Promise<Verdict> =>
  writeAs(cluster, kubeconfig, { method: 'PATCH', path: `${path(name)}/status`, body: { status } });
const read = async (name: string): Promise<Connection> =>
  (await cluster.request<Connection>({ path: path(name) })).body;

async function createConnection(name: string, status?: object): Promise<void> {
  const body = buildConnection(name);
  await writeAs(cluster, undefined, { method: 'POST', path: collectionPath('Connection', namespace), body });
  if (status !== undefined) expect(await patchStatus(undefined, name, status)).toMatchObject({ status: 200 });
}

beforeAll(async () => {
  namespace = await createNamespace();
  await grantInNamespace(cluster, 'bob', namespace, everything);
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'gateway' } };
  await cluster.request({ method: 'POST', path: `/api/v1/namespaces/${namespace}/serviceaccounts`, body: account });
  gateway = await cluster.kubeconfigForServiceAccount(namespace, 'gateway');
  await grantEverywhere(cluster, `system:serviceaccount:${namespace}:gateway`, [
    { apiGroups: ['connect.pim.dev'], resources: ['connections'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['connect.pim.dev'], resources: ['connections/status'], verbs: ['get', 'update', 'patch'] },
  ]);
  await eventually(async () => {
    expect(await cluster.request({ path: path('absent') }, gateway)).toMatchObject({ status: 404 });
  });
});

test('the owner of everything in a namespace cannot add, change or remove anything of a status', async () => {
  await createConnection('owned', issued);
  const forged = { password: [{ ...issued.credentials?.password?.[0], hash: 'Zm9yZ2Vk' }] };
  for (const status of [
    { username: 'erp_0001' },
    { clientId: 'another' },
    { clientId: null },
    { credentials: null },
    { credentials: forged },
    { credentials: { password: [] } },
    { credentials: { retired: {} } },
    { conditions: null },
    { conditions: [] },
    { binding: { name: 'connection-keys' } },
    { rotation: { handled: [{ annotation: 'connect.pim.dev/revoke', token: 'x' }] } },
    { lastUsedDate: '2026-02-03', code: 'other' },
  ]) {
    const verdict = await patchStatus(owner, 'owned', status);
    expect(verdict, JSON.stringify(status)).toMatchObject({ status: 403, message: expect.stringContaining(refusal) });
  }
  expect((await read('owned')).status).toEqual(issued);
});

test('nor write the first status, nor by a PUT, nor by server-side apply', async () => {
  await createConnection('fresh');
  expect(await patchStatus(owner, 'fresh', { code: 'fresh' })).toMatchObject({ status: 403 });
  const fresh = await read('fresh');
  const put = { ...fresh, status: { ...fresh.status, clientId: 'x' } };
  expect(await writeAs(cluster, owner, { method: 'PUT', path: `${path('fresh')}/status`, body: put })).toMatchObject({
    status: 403,
  });
  const applied = await writeAs(cluster, owner, {
    method: 'PATCH',
    path: `${path('fresh')}/status?fieldManager=forger&force=true`,
    body: { ...buildConnection('fresh'), spec: undefined, status: { clientId: 'x' } },
    contentType: 'application/apply-patch+yaml',
  });
  expect(applied).toMatchObject({ status: 403 });
});

test('a status in the manifest counts for nothing, at creation and later', async () => {
  const body = { ...buildConnection('manifest'), status: issued };
  expect(
    await writeAs(cluster, owner, { method: 'POST', path: collectionPath('Connection', namespace), body }),
  ).toMatchObject({ status: 201 });
  expect(
    await writeAs(cluster, owner, { method: 'PATCH', path: path('manifest'), body: { status: issued } }),
  ).toMatchObject({
    status: 200,
  });
  const { status } = await read('manifest');
  expect(Object.keys(status ?? {})).toEqual(['conditions']);
  expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'Unknown', reason: 'Pending' }]);
});

test('who may write connections/status without the verb issue changes lastUsedDate and nothing else', async () => {
  await createConnection('used', issued);
  expect(await patchStatus(gateway, 'used', { lastUsedDate: '2026-02-03' })).toMatchObject({ status: 200 });
  expect(await patchStatus(gateway, 'used', { lastUsedDate: '2026-02-04' })).toMatchObject({ status: 200 });
  expect(await patchStatus(gateway, 'used', { lastUsedDate: '2026-02-05', code: 'x' })).toMatchObject({ status: 403 });
  expect((await read('used')).status).toEqual({ ...issued, lastUsedDate: '2026-02-04' });

  await createConnection('used-first');
  expect(await patchStatus(gateway, 'used-first', { lastUsedDate: '2026-02-03' })).toMatchObject({ status: 200 });
});

test('the operator’s ServiceAccount writes all of it', async () => {
  await createConnection('issued');
  const kubeconfig = await operatorKubeconfig();
  const body = { ...(await read('issued')), status: issued };
  const answer = await cluster.request({ method: 'PUT', path: `${path('issued')}/status`, body }, kubeconfig);
  expect(answer).toMatchObject({ status: 200, body: { status: issued } });
});
