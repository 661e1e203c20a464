import { afterAll, beforeAll, expect, test } from 'vitest';
import { rotationAnnotations } from '../../src/api/names.ts';
import { eventually } from './control-plane/eventually.ts';
import { type RunningOperator, startOperator } from './control-plane/start-operator.ts';
import { connectionsAt, readWorld, secretsAt, succeed } from './failure/read-world.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor, scenarios } from './failure/scenarios.ts';
import { buildStage, type Stage } from './failure/stage.ts';
import { type OwnCluster, startOwnCluster } from './failure/start-own-cluster.ts';

let own: OwnCluster;
let stage: Stage;
let operator: RunningOperator;

beforeAll(async () => {
  own = await startOwnCluster({ admissionPlugins: ['OwnerReferencesPermissionEnforcement'] });
  stage = await buildStage(own.cluster);
  operator = await (await startOperator({ namespaces: 'all', kubeconfig: own.kubeconfig })).ready();
});
afterAll(async () => {
  await operator?.stop();
  await own?.cluster.stop();
});

test('the plugin is on: whoever may not set finalizers of the owner may not block its deletion', async () => {
  const { cluster, namespace } = stage;
  await createFor({ cluster, namespace, name: 'owner' }, undefined);
  const { connection } = await readWorld(cluster, namespace, 'owner');
  const { name, uid } = connection.metadata;
  const owner = { apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection', name, uid, blockOwnerDeletion: true };
  const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'blocking', ownerReferences: [owner] } };
  const answer = await cluster.request({ method: 'POST', path: secretsAt(namespace), body }, own.kubeconfig);
  expect(answer).toMatchObject({ status: 403, body: { message: expect.stringContaining('blockOwnerDeletion') } });
});

test('issue, adoption and rotation work, and the Secret goes with its Connection', async () => {
  const { cluster, namespace } = stage;
  const act = (scenario: string, name: string) =>
    scenarios.find((entry) => entry.name === scenario)?.act({ cluster, namespace, name });
  await act('issue', 'issue');
  await act('adopt', 'adopt');
  await waitUntilSettled(stage);
  const annotations = { [rotationAnnotations.rotate]: 'a' };
  for (const name of ['issue', 'adopt']) {
    await succeed(cluster, {
      method: 'PATCH',
      path: connectionsAt(namespace, name),
      body: { metadata: { annotations } },
    });
    await eventually(async () => {
      const { connection } = await readWorld(cluster, namespace, name);
      expect(connection.status?.rotation?.history).toHaveLength(2);
    });
  }
  await waitUntilSettled(stage);
  for (const name of ['issue', 'adopt', 'owner']) {
    const { connection, secret } = await readWorld(cluster, namespace, name);
    expect(secret?.metadata.ownerReferences).toMatchObject([{ uid: connection.metadata.uid, controller: true }]);
    await succeed(cluster, { method: 'DELETE', path: connectionsAt(namespace, name) });
  }
  await eventually(async () => {
    const { items } = await succeed<{ items: readonly unknown[] }>(cluster, { path: secretsAt(namespace) });
    expect(items).toEqual([]);
  });
});
