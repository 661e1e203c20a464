import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startPurge } from '../../../../src/gateway/store/start-purge.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('purges now and every hour, also after a failure, until it is told to stop', async () => {
  let purges = 0;
  let troubles = 0;
  const flowsKept: number[] = [];
  const purge = async (): Promise<void> => {
    purges++;
    if (purges === 2) throw new Error('away');
  };
  const stop = new AbortController();
  const purgeFlows = async (kept: number): Promise<void> => void flowsKept.push(kept);
  startPurge({ purge, purgeFlows }, 240, stop.signal, () => {
    troubles++;
  });
  expect(purges).toBe(1);
  await vi.advanceTimersByTimeAsync(3 * 3_600_000);
  expect([purges, troubles]).toEqual([4, 1]);
  expect(flowsKept).toEqual([240, 240, 240, 240]);
  stop.abort();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(purges).toBe(4);
});
