import { expect, test } from 'vitest';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator();

test('nothing is accepted while it lasts, and the same credentials work afterwards', async () => {
  const { desk } = scene;
  const before = await desk.issue('shop');
  const secret = await desk.secret('shop-credentials');
  const texts = await desk.texts('shop-credentials');

  // In force with the spec, whether or not an operator has seen it.
  expect(await areAccepted(await desk.patch('shop', { spec: { suspend: true } }), texts)).toBe(false);
  const suspended = await desk.waitFor('shop', 'Suspended');
  expect(readyOf(suspended)).toMatchObject({ status: 'False' });
  expect(conditionOf(suspended, 'Reconciling')).toBeUndefined();
  expect(conditionOf(suspended, 'Stalled')).toBeUndefined();
  expect(suspended.status?.credentials).toEqual(before.status?.credentials);

  await desk.patch('shop', { spec: { suspend: false } });
  const resumed = await desk.waitFor('shop', 'Issued');
  expect(resumed.status?.credentials).toEqual(before.status?.credentials);
  expect(await areAccepted(resumed, texts)).toBe(true);
  expect(await desk.secret('shop-credentials')).toEqual(secret);
});

test('it can be issued and rotated while it is suspended', async () => {
  const { desk } = scene;
  await desk.create('early', { suspend: true });
  await desk.waitFor('early', 'Suspended');
  const first = await desk.texts('early-credentials');
  const rotated = await desk.request('early', 'connect.pim.dev/rotate', 'a');
  expect(readyOf(rotated).reason).toBe('Suspended');
  const second = await desk.texts('early-credentials');
  expect(await areAccepted(rotated, second)).toBe(false);

  const resumed = await desk.patch('early', { spec: { suspend: null } });
  expect(await areAccepted(resumed, second)).toBe(true);
  expect(await areAccepted(resumed, first)).toBe(false);
});
