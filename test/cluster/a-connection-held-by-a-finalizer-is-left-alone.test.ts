import { expect, test } from 'vitest';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

test('none of its values counts, and whatever is done to it or its Secret, the operator writes nothing', async () => {
  const { desk } = scene;
  await desk.issue('held', { rotation: { overlap: '1h' } }, { finalizers: ['example.com/hold'] });
  const texts = await desk.texts('held-credentials');
  expect(await areAccepted(await desk.read('held'), texts)).toBe(true);
  await desk.settle();
  const writes = async (): Promise<number> =>
    (await desk.operatorWrites()).filter(({ name }) => name.startsWith('held')).length;
  const before = await writes();

  await desk.delete('held');
  const deleted = await desk.read('held');
  expect(deleted.metadata.deletionTimestamp).toBeDefined();
  expect(await areAccepted(deleted, texts)).toBe(false);

  await desk.annotate('held', { 'connect.pim.dev/rotate': 'a' });
  await desk.patch('held', { spec: { suspend: true, secret: { labels: { team: 'a' } } } });
  await desk.patchSecret('held-credentials', { stringData: { password: 'edited' } });
  await desk.deleteSecret('held-credentials');
  await desk.settle();
  await scene.stop();
  await scene.start();
  await desk.settle();
  expect(await writes()).toBe(before);
  expect(await desk.isSecretThere('held-credentials')).toBe(false);
  expect((await desk.read('held')).status).toEqual(deleted.status);
  await eventually(async () => {
    expect((await desk.events('held')).map(({ reason }) => reason)).toEqual(['Issued']);
  });

  await desk.patch('held', { metadata: { finalizers: null } });
  await eventually(() => expect(desk.read('held')).rejects.toThrow('404'));
});

test('one that was never issued is not issued any more', async () => {
  const { desk } = scene;
  await scene.stop();
  await desk.create('early', {}, { finalizers: ['example.com/hold'] });
  await desk.delete('early');
  await scene.start();
  await desk.settle();
  expect((await desk.read('early')).status?.credentials).toBeUndefined();
  expect(await desk.isSecretThere('early-credentials')).toBe(false);
  await desk.patch('early', { metadata: { finalizers: null } });
});
