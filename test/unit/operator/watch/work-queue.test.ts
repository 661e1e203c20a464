import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { KubeError } from '../../../../src/kube/kube-error.ts';
import { type FinishedRun, WorkQueue, type WorkQueueOptions } from '../../../../src/operator/watch/work-queue.ts';
import { ManualClock, settle } from './manual-clock.ts';

const day = 86_400_000;

let clock: ManualClock;
/** Keys in the order in which their runs began. */
let begun: string[];
let finished: FinishedRun[];

beforeEach(() => {
  clock = new ManualClock();
  begun = [];
  finished = [];
});

function build(run: (key: string) => Promise<number | undefined>, options: Partial<WorkQueueOptions> = {}): WorkQueue {
  return new WorkQueue({
    workers: 2,
    clock,
    random: () => 0.5,
    onFinished: (end) => finished.push(end),
    ...options,
    run: (key) => {
      begun.push(key);
      return run(key);
    },
  });
}

const nothing = async (): Promise<undefined> => undefined;

/** Runs that end when the test says so. */
function buildGates(): { run: (key: string) => Promise<undefined>; open(key: string, error?: unknown): Promise<void> } {
  const gates = new Map<string, (error: unknown) => void>();
  return {
    run: (key) =>
      new Promise((resolve, reject) => {
        gates.set(key, (error) => (error === undefined ? resolve(undefined) : reject(error)));
      }),
    open: async (key, error) => {
      gates.get(key)?.(error);
      gates.delete(key);
      await settle();
    },
  };
}

describe('keys', () => {
  test('as many side by side as there are workers, the others in their order', async () => {
    const gates = buildGates();
    const queue = build(gates.run);
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key);
    expect(begun).toEqual(['a', 'b']);
    expect({ depth: queue.depth, running: queue.running }).toEqual({ depth: 2, running: 2 });
    await gates.open('b');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('one that waits is there once', async () => {
    const gates = buildGates();
    const queue = build(gates.run, { workers: 1 });
    for (const key of ['a', 'b', 'b', 'b', 'c']) queue.add(key);
    await gates.open('a');
    await gates.open('b');
    await gates.open('c');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('one that runs is run once more, and never twice at the same time', async () => {
    const gates = buildGates();
    const queue = build(gates.run);
    queue.add('a');
    queue.add('a');
    queue.add('a');
    expect(begun).toEqual(['a']);
    await gates.open('a');
    expect(begun).toEqual(['a', 'a']);
    await gates.open('a');
    expect(begun).toEqual(['a', 'a']);
    expect(queue.idle).toBe(true);
  });

  test('a slow key does not hold up the others', async () => {
    const gates = buildGates();
    const queue = build((key) => (key === 'slow' ? gates.run(key) : nothing()));
    queue.add('slow');
    for (let index = 0; index < 10; index += 1) queue.add(`${index}`);
    await settle();
    expect(begun).toHaveLength(11);
  });
});

describe('times', () => {
  test('of several the earliest counts, whichever was asked for first', async () => {
    const queue = build(nothing);
    queue.addAfter('a', 500);
    queue.addAfter('a', 100);
    queue.addAfter('a', 300);
    await clock.pass(99);
    expect(begun).toEqual([]);
    await clock.pass(1);
    expect(begun).toEqual(['a']);
    await clock.pass(day);
    expect(begun).toEqual(['a']);
  });

  test('further away than setTimeout can wait', async () => {
    const queue = build(nothing);
    queue.addAfter('a', 90 * day);
    await clock.pass(90 * day - 1);
    expect(begun).toEqual([]);
    await clock.pass(1);
    expect(begun).toEqual(['a']);
  });

  test('a run says when to look again', async () => {
    const queue = build(async () => 1_000);
    queue.add('a');
    await clock.pass(3_500);
    expect(begun).toEqual(['a', 'a', 'a', 'a']);
    expect(queue.waiting).toEqual({ asked: 1, retries: 0 });
  });

  test('asking for a key now leaves what it waits for alone', async () => {
    const queue = build(nothing);
    queue.addAfter('a', 1_000);
    queue.add('a');
    await clock.pass(1_000);
    expect(begun).toEqual(['a', 'a']);
  });

  test('a time that comes while the key runs makes it run once more', async () => {
    const gates = buildGates();
    const queue = build(gates.run);
    queue.addAfter('a', 10);
    queue.add('a');
    await clock.pass(20);
    await gates.open('a');
    expect(begun).toEqual(['a', 'a']);
  });

  test('ten thousand keys wait on one timer', () => {
    const queue = build(nothing);
    for (let index = 0; index < 10_000; index += 1) queue.addAfter(`${index}`, (index * 7_919) % 10_007);
    expect(clock.timers).toBe(1);
  });

  test('keys come in the order of their times', async () => {
    const wanted = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.integer({ min: 0, max: 1_000 })),
    );
    await fc.assert(
      fc.asyncProperty(wanted, async (asked) => {
        clock = new ManualClock();
        begun = [];
        const queue = build(nothing);
        const earliest = new Map<string, number>();
        for (const [key, time] of asked) {
          queue.addAfter(key, time);
          earliest.set(key, Math.min(time, earliest.get(key) ?? Number.POSITIVE_INFINITY));
        }
        await clock.pass(1_000);
        expect(begun.map((key) => earliest.get(key))).toEqual([...earliest.values()].sort((a, b) => a - b));
      }),
    );
  });
});

describe('failures', () => {
  const failing = async (): Promise<undefined> => {
    throw new Error('no');
  };

  test('are tried again after a time that doubles and ends at a minute', async () => {
    const queue = build(failing);
    queue.add('a');
    await clock.pass(20 * 60_000);
    const waits = finished.map(({ retryIn }) => retryIn);
    // random is 0.5: half of the bound.
    expect(waits.slice(0, 5)).toEqual([2.5, 5, 10, 20, 40]);
    expect(Math.max(...waits)).toBe(30_000);
    expect(waits.at(-1)).toBe(30_000);
    expect(queue.waiting).toEqual({ asked: 0, retries: 1 });
  });

  test('a success forgets them, and the retry that waited', async () => {
    let fails = true;
    const queue = build(async () => {
      if (fails) throw new Error('no');
      return undefined;
    });
    queue.add('a');
    await clock.pass(1_000);
    fails = false;
    queue.add('a');
    const runs = begun.length;
    await clock.pass(day);
    expect(begun).toHaveLength(runs);
    expect(finished.at(-1)).toMatchObject({ failures: 0, error: undefined, retryIn: 0 });
    fails = true;
    queue.add('a');
    await clock.pass(0);
    expect(finished.at(-1)).toMatchObject({ failures: 1 });
    expect(begun).toHaveLength(runs + 1);
  });

  test('of one key are not those of another', async () => {
    const queue = build((key) => (key === 'bad' ? failing() : nothing()));
    queue.add('bad');
    await clock.pass(60_000);
    queue.add('good');
    await clock.pass(0);
    expect(finished.at(-1)).toMatchObject({ key: 'good', failures: 0 });
  });

  test('Retry-After is waited for, also when the key was asked for meanwhile', async () => {
    const refused = new KubeError({ code: 'TooManyRequests', status: 429, sentence: '', retryAfter: 7_000 });
    const gates = buildGates();
    const queue = build(gates.run);
    queue.add('a');
    queue.add('a');
    await gates.open('a', refused);
    await clock.pass(6_999);
    expect(begun).toHaveLength(1);
    await clock.pass(1);
    expect(begun).toHaveLength(2);
  });

  test('a key that was asked for while it failed comes soon, but not at once', async () => {
    const gates = buildGates();
    const queue = build(gates.run, { backoff: { base: 60_000, cap: 60_000 } });
    queue.add('a');
    queue.add('a');
    await gates.open('a', new Error('no'));
    expect(begun).toHaveLength(1);
    await clock.pass(1_000);
    expect(begun).toHaveLength(2);
  });

  test('a key that waits for its retry is run at once when it is asked for', async () => {
    const queue = build(failing, { backoff: { base: 60_000, cap: 60_000 } });
    queue.add('a');
    await clock.pass(0);
    queue.add('a');
    expect(begun).toHaveLength(2);
  });

  test('a run that throws nothing in particular still counts as failed', async () => {
    const queue = build(() => Promise.reject());
    queue.add('a');
    await clock.pass(0);
    expect(finished[0]?.failures).toBe(1);
  });

  test('forget lets go of failures and times', async () => {
    const queue = build(failing, { backoff: { base: 60_000, cap: 60_000 } });
    queue.add('a');
    await clock.pass(0);
    queue.addAfter('a', 5);
    queue.forget('a');
    await clock.pass(day);
    expect(begun).toHaveLength(1);
    expect(queue.waiting).toEqual({ asked: 0, retries: 0 });
  });
});

describe('drain', () => {
  test('finishes what is in hand and begins nothing', async () => {
    const gates = buildGates();
    const queue = build(gates.run);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    queue.add('a');
    queue.addAfter('d', 10);
    let drained = false;
    const draining = queue.drain().then(() => {
      drained = true;
    });
    queue.add('e');
    await gates.open('a');
    expect(drained).toBe(false);
    await gates.open('b', new Error('no'));
    await draining;
    await clock.pass(day);
    expect(begun).toEqual(['a', 'b']);
    expect(clock.timers).toBe(0);
  });

  test('of an idle queue is done at once', async () => {
    await build(nothing).drain();
  });
});

test('says how long keys waited and how long they took', async () => {
  const gates = buildGates();
  const queue = build(gates.run, { workers: 1 });
  queue.add('a');
  queue.add('b');
  await clock.pass(30);
  await gates.open('a');
  await clock.pass(20);
  await gates.open('b');
  expect(finished).toMatchObject([
    { key: 'a', waited: 0, took: 30 },
    { key: 'b', waited: 30, took: 20 },
  ]);
});

test('whatever is asked for when, every key is run after the last time it was asked for', async () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    after: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
    pass: fc.integer({ min: 0, max: 20 }),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      clock = new ManualClock();
      begun = [];
      const side = new Set<string>();
      const lastBegun = new Map<string, number>();
      let fails = false;
      const queue = build(async (key) => {
        expect(side.has(key)).toBe(false);
        side.add(key);
        lastBegun.set(key, clock.now());
        await new Promise<void>((resolve) => void clock.after(7, resolve));
        side.delete(key);
        if (fails) throw new Error('no');
        return undefined;
      });
      const lastAsked = new Map<string, number>();
      for (const { key, after, pass, fails: failing } of steps) {
        fails = failing;
        if (after === undefined) queue.add(key);
        else queue.addAfter(key, after);
        lastAsked.set(key, clock.now());
        await clock.pass(pass);
      }
      fails = false;
      await clock.pass(10 * 60_000);
      expect(queue.idle).toBe(true);
      for (const [key, asked] of lastAsked) expect(lastBegun.get(key)).toBeGreaterThanOrEqual(asked);
    }),
  );
});
