import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

const scene = useOperator();

test('Kubernetes deletes it, the operator writes nothing, and the name can be used again by a new identity', async () => {
  const { desk } = scene;
  const first = await desk.issue('erp');
  const texts = await desk.texts('erp-credentials');
  await desk.settle();
  const before = (await desk.operatorWrites()).filter(({ name }) => name.startsWith('erp'));
  await desk.delete('erp');
  await eventually(async () => expect(await desk.isSecretThere('erp-credentials')).toBe(false));
  expect((await desk.operatorWrites()).filter(({ name }) => name.startsWith('erp'))).toEqual(before);

  const second = await desk.issue('erp');
  expect(second.status?.clientId).not.toBe(first.status?.clientId);
  expect(second.status?.username).not.toBe(first.status?.username);
  expect((await desk.texts('erp-credentials')).password).not.toBe(texts.password);
});

test('also while no operator runs', async () => {
  const { desk } = scene;
  await desk.issue('unattended');
  await scene.stop();
  await desk.delete('unattended');
  await eventually(async () => expect(await desk.isSecretThere('unattended-credentials')).toBe(false));
  await scene.start();
});

test('kubectl delete waits for nothing of ours', async () => {
  const { desk } = scene;
  await desk.issue('quick');
  const args = ['delete', 'conn', 'quick', '-n', desk.namespace, '--timeout=5s'];
  expect(await sharedCluster().kubectl(args)).toMatchObject({ code: 0 });
});
