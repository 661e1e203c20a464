import { expect, test } from 'vitest';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator();

test('also those in their overlap, whatever the spec says, from the moment on at which it is asked for', async () => {
  const { desk } = scene;
  await desk.issue('stolen', { rotation: { interval: '720h', overlap: '24h' } });
  const first = await desk.texts('stolen-credentials');
  const overlapping = await desk.request('stolen', 'connect.pim.dev/rotate', 'a');
  const second = await desk.texts('stolen-credentials');
  expect(await areAccepted(overlapping, first)).toBe(true);

  const asked = await desk.annotate('stolen', { 'connect.pim.dev/revoke': 'stolen' });
  for (const texts of [first, second]) expect(await areAccepted(asked, texts)).toBe(false);
  const revoked = await desk.request('stolen', 'connect.pim.dev/revoke', 'stolen');
  const third = await desk.texts('stolen-credentials');
  for (const texts of [first, second]) expect(await areAccepted(revoked, texts)).toBe(false);
  expect(await areAccepted(revoked, third)).toBe(true);
  expect(revoked.status?.credentials?.clientSecret).toHaveLength(1);
  expect(revoked.status?.credentials?.password).toHaveLength(1);
  expect(revoked.status?.rotation?.history?.slice(-2)).toMatchObject([{ cause: 'Revoked' }, { cause: 'Revoked' }]);
});
