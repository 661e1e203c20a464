import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '../cluster/control-plane/eventually.ts';

/** What a count comes to when it has stood still for a while. */
export function findRest(read: () => number): Promise<number> {
  return eventually(
    async () => {
      const before = read();
      await sleep(500);
      expect([before > 0, read()]).toEqual([true, before]);
      return before;
    },
    { within: 20_000 },
  );
}
