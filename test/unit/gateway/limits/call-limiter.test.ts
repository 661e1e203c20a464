import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildAddressLimiter, CallLimiter, type Entry } from '../../../../src/gateway/limits/call-limiter.ts';

const limits = { concurrent: 2, perSecond: 10 };

function leave(entry: Entry): void {
  if (entry.kind !== 'entered') throw new Error('not entered');
  entry.leave();
}

test('so many at once, and one more when one is over', () => {
  const limiter = new CallLimiter(limits);
  const first = limiter.enter(['a'], 0);
  limiter.enter(['a'], 0);
  expect(limiter.enter(['a'], 0)).toMatchObject({ kind: 'limited', retryAfter: 1 });
  leave(first);
  leave(first);
  expect(limiter.enter(['a'], 0).kind).toBe('entered');
  expect(limiter.enter(['a'], 0).kind).toBe('limited');
});

test('so many a second, and the wait in whole seconds', () => {
  const limiter = new CallLimiter({ concurrent: 0, perSecond: 2 });
  for (let turn = 0; turn < 2; turn++) expect(limiter.enter(['a'], 0).kind).toBe('entered');
  expect(limiter.enter(['a'], 0)).toMatchObject({ kind: 'limited', retryAfter: 1 });
  expect(limiter.enter(['a'], 499).kind).toBe('limited');
  expect(limiter.enter(['a'], 500).kind).toBe('entered');
  expect(limiter.enter(['b'], 500).kind).toBe('entered');
});

test('a call that one of two callers has no room for takes none of the other', () => {
  const limiter = new CallLimiter({ concurrent: 1, perSecond: 0 });
  limiter.enter(['a'], 0);
  expect(limiter.enter(['a', 'b'], 0).kind).toBe('limited');
  expect(limiter.enter(['b'], 0).kind).toBe('entered');
});

test('0 is no limit', () => {
  const limiter = new CallLimiter({ concurrent: 0, perSecond: 0 });
  for (let turn = 0; turn < 1_000; turn++) expect(limiter.enter(['a'], 0).kind).toBe('entered');
});

test('whatever comes and goes, no caller ever has more than it may', () => {
  const step = fc.record({
    callers: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
    ends: fc.nat(5),
    wait: fc.nat(300),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const limiter = new CallLimiter(limits);
      const open: { readonly callers: readonly string[]; readonly entry: Entry }[] = [];
      const entered = new Map<string, number[]>();
      let now = 0;
      for (const { callers, ends, wait } of steps) {
        now += wait;
        const entry = limiter.enter(callers, now);
        if (entry.kind === 'entered') {
          open.push({ callers, entry });
          for (const caller of callers) entered.set(caller, [...(entered.get(caller) ?? []), now]);
        }
        for (const caller of ['a', 'b', 'c']) {
          expect(open.filter((call) => call.callers.includes(caller)).length).toBeLessThanOrEqual(limits.concurrent);
          const second = (entered.get(caller) ?? []).filter((at) => at > now - 1_000);
          expect(second.length).toBeLessThanOrEqual(2 * limits.perSecond);
        }
        const [ended] = open.splice(ends, 1);
        if (ended) leave(ended.entry);
      }
    }),
  );
});

test('a flood of addresses forgets the oldest and keeps its size', () => {
  const limiter = buildAddressLimiter({ concurrent: 1, perSecond: 0 });
  limiter.enter(['first'], 0);
  expect(limiter.enter(['first'], 0).kind).toBe('limited');
  for (let number = 0; number < 20_000; number++) limiter.enter([`address ${number}`], 0);
  expect(limiter.enter(['first'], 0).kind).toBe('entered');
});
