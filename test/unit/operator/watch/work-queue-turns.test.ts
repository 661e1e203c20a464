import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { WorkQueue } from '../../../../src/operator/watch/work-queue.ts';

const keys = Array.from({ length: 5_000 }, (_, index) => `key-${index}`);

test('runs that wait for nothing leave turns to timers and answers, and keep their order', async () => {
  const begun: string[] = [];
  const queue = new WorkQueue({ workers: 32, run: async (key) => void begun.push(key) });
  for (const key of keys) queue.add(key);
  let turns = 0;
  let isOver = false;
  const over = queue.whenIdle().then(() => {
    isOver = true;
  });
  for (; !isOver; turns += 1) await turn();
  await over;
  expect(begun).toEqual(keys);
  expect(turns).toBeGreaterThan(50);
});

test('a key that is asked for again after its run comes again, after all that waited', async () => {
  const begun: string[] = [];
  const queue = new WorkQueue({
    workers: 1,
    run: async (key) => {
      begun.push(key);
      if (begun.length === 1) for (const again of ['a', 'c']) queue.add(again);
    },
  });
  for (const key of ['a', 'b']) queue.add(key);
  await queue.whenIdle();
  queue.add('d');
  await queue.whenIdle();
  expect(begun).toEqual(['a', 'c', 'b', 'a', 'd']);
});

test('whenIdle of an idle queue is at once', async () => {
  await new WorkQueue({ workers: 1, run: async () => undefined }).whenIdle();
});
