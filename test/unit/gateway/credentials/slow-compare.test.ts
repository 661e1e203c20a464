import bcrypt from 'bcryptjs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { buildSlowCompare, type SlowCompare } from '../../../../src/gateway/credentials/slow-compare.ts';

vi.setConfig({ testTimeout: 30_000 });

function start(file?: URL): SlowCompare {
  const slow = buildSlowCompare(file);
  onTestFinished(() => slow.close());
  return slow;
}

test('tells whether a hash is of a text; a hash of another form is of none', async () => {
  const slow = start();
  const hash = bcrypt.hashSync('right', 4);
  expect(await slow.compare('right', hash)).toBe(true);
  expect(await slow.compare('wrong', hash)).toBe(false);
  expect(await slow.compare('right', 'no hash')).toBe(false);
  expect(await slow.compare('right', '')).toBe(false);
});

test('leaves the thread that answers everybody else alone', async () => {
  const slow = start();
  await slow.compare('warm', 'up');
  const hash = bcrypt.hashSync('right', 9);
  const before = process.cpuUsage();
  const began = performance.eventLoopUtilization();
  await slow.compare('wrong', hash);
  expect(performance.eventLoopUtilization(began).utilization).toBeLessThan(0.5);
  expect(process.cpuUsage(before).user).toBeGreaterThan(0);
});

describe('a worker that ends', () => {
  const fragile = new URL('./fragile-worker.ts', import.meta.url);

  test.each(['end', 'throw'])('by "%s" breaks its own comparison, and the next one starts', async (how) => {
    const slow = start(fragile);
    expect(await slow.compare('a', 'a')).toBe(true);
    const results = await Promise.all([slow.compare(how, ''), slow.compare('b', 'b'), slow.compare('b', 'c')]);
    expect(results).toEqual(['broken', true, false]);
  });

  test('again and again: nobody hangs', async () => {
    const slow = start(fragile);
    const results = await Promise.all(['end', 'throw', 'end', 'a'].map((text) => slow.compare(text, 'a')));
    expect(results).toEqual(['broken', 'broken', 'broken', true]);
  });

  test('because it cannot start at all', async () => {
    const slow = start(new URL('./there-is-no-such-worker.ts', import.meta.url));
    expect(await slow.compare('a', 'a')).toBe('broken');
    expect(await slow.compare('a', 'a')).toBe('broken');
  });

  test('by close: what waits is told', async () => {
    const slow = buildSlowCompare();
    const hash = bcrypt.hashSync('right', 9);
    const waiting = [slow.compare('a', hash), slow.compare('b', hash)];
    await slow.close();
    expect(await Promise.all(waiting)).toEqual(['broken', 'broken']);
  });
});
