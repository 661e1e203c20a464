import { expect, test } from 'vitest';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator();

test('it counts while it is there: it refuses the old value at once, and no longer when it is gone', async () => {
  const { desk } = scene;
  const issued = await desk.issue('erp');
  await desk.issue('overlapping', { rotation: { overlap: '1h' } });
  const texts = await desk.texts('erp-credentials');
  const overlapping = await desk.texts('overlapping-credentials');
  await scene.stop();

  expect(await areAccepted(await desk.annotate('erp', { 'connect.pim.dev/rotate': 'a' }), texts)).toBe(false);
  const asked = await desk.annotate('overlapping', { 'connect.pim.dev/rotate': 'a' });
  expect(await areAccepted(asked, overlapping)).toBe(true);
  const revoked = await desk.annotate('overlapping', { 'connect.pim.dev/revoke': 'a' });
  expect(await areAccepted(revoked, overlapping)).toBe(false);

  const taken = await desk.annotate('erp', { 'connect.pim.dev/rotate': null });
  expect(await areAccepted(taken, texts)).toBe(true);
  await desk.annotate('overlapping', { 'connect.pim.dev/rotate': null, 'connect.pim.dev/revoke': null });

  await scene.start();
  await desk.settle();
  expect((await desk.read('erp')).status).toEqual(issued.status);
  expect(await desk.texts('erp-credentials')).toEqual(texts);
  expect(await areAccepted(await desk.read('overlapping'), overlapping)).toBe(true);
});
