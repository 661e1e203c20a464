import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { useOperator } from './connections/use-operator.ts';

const limit = (count: number): string[] => ['--connection-limit', String(count)];
const scene = useOperator({ namespaces: 2, args: limit(2) });

/** Ages are whole seconds. */
const aSecondLater = (): Promise<void> => sleep(1_100);

test('a free place goes to the oldest, those that were issued keep theirs whatever the limit becomes', async () => {
  const { desk } = scene;
  await desk.issue('one');
  await desk.issue('two');
  await desk.create('zz-older');
  const waiting = await desk.waitFor('zz-older', 'ConnectionLimitReached');
  expect(readyOf(waiting)).toMatchObject({ status: 'False', message: expect.stringContaining('has 2 connections') });
  expect(conditionOf(waiting, 'Reconciling')).toMatchObject({ status: 'True' });
  await aSecondLater();
  await desk.create('aa-younger');
  await desk.waitFor('aa-younger', 'ConnectionLimitReached');
  expect(await desk.isSecretThere('zz-older-credentials')).toBe(false);

  await desk.delete('one');
  await desk.waitFor('zz-older', 'Issued');
  await desk.waitFor('aa-younger', 'ConnectionLimitReached');

  await scene.stop();
  await scene.start(limit(1));
  await desk.request('two', 'connect.pim.dev/rotate', 'a');
  expect(readyOf(await desk.read('two'))).toMatchObject({ reason: 'Issued' });
  expect(readyOf(await desk.read('zz-older'))).toMatchObject({ reason: 'Issued' });

  // One place is still taken, and there is only one.
  await desk.delete('zz-older');
  await desk.patch('aa-younger', { spec: { label: 'Looked at again' } });
  await desk.waitFor('aa-younger', 'ConnectionLimitReached');
  await desk.delete('two');
  await desk.waitFor('aa-younger', 'Issued');
});

test('of the same age by name; another namespace has its own places; 0 is no limit', async () => {
  const [, other] = scene.desks;
  if (!other) throw new Error('two namespaces');
  await scene.stop();
  // At the start of a second, so that all three are of one age.
  await sleep(1_000 - (Date.now() % 1_000));
  await Promise.all(['ccc', 'bbb', 'aaa'].map((name) => other.create(name)));
  await scene.start(limit(1));
  await other.waitFor('aaa', 'Issued');
  await other.waitFor('bbb', 'ConnectionLimitReached');
  await other.waitFor('ccc', 'ConnectionLimitReached');

  await scene.stop();
  await scene.start(limit(0));
  for (const name of ['bbb', 'ccc']) await other.waitFor(name, 'Issued');
});
