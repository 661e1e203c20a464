import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { readHour } from '../../../../src/flows/utc-hour.ts';
import { FlowBuffer } from '../../../../src/gateway/flows/flow-buffer.ts';
import { FlowWriter } from '../../../../src/gateway/flows/flow-writer.ts';
import type { FlowBatch } from '../../../../src/gateway/store/flow-store.ts';

const now = Date.parse('2026-11-28T10:15:00Z');
const flowOf = (uid: string, sent: number, message?: string) => ({
  connection: { metadata: { uid } } as Connection,
  counts: { sent },
  errors: message === undefined ? [] : [{ message }],
  route: 'PATCH /api/rest/v1/products',
});

/** A store that does what it is told: writes, refuses, or writes and loses the answer. */
class UnsureStore {
  readonly sums = new Map<string, number>();
  readonly errors: string[] = [];
  readonly #last = new Map<string, number>();
  #plan: ('fine' | 'away' | 'lost')[] = [];

  plan(...steps: ('fine' | 'away' | 'lost')[]): void {
    this.#plan = steps;
  }

  addFlows = async ({ writer, number, buckets, errors }: FlowBatch): Promise<void> => {
    await Promise.resolve();
    const step = this.#plan.shift() ?? 'fine';
    if (step === 'away') throw new Error('away');
    if ((this.#last.get(writer) ?? 0) < number) {
      this.#last.set(writer, number);
      for (const { connection, sent } of buckets) {
        this.sums.set(connection, (this.sums.get(connection) ?? 0) + sent);
      }
      this.errors.push(...errors.map(({ error }) => error.message));
    }
    if (step === 'lost') throw new Error('lost');
  };
}

function build(store: Pick<UnsureStore, 'addFlows'>) {
  const buffer = new FlowBuffer();
  let troubles = 0;
  const writer = new FlowWriter({ store, buffer, every: 5_000, onTrouble: () => void troubles++ });
  return { buffer, writer, troubles: () => troubles };
}

test('whatever the store does, every count arrives once', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      uid: fc.constantFrom('a', 'b'),
      sent: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({
      kind: fc.constant('flush' as const),
      plan: fc.array(fc.constantFrom('fine' as const, 'away' as const, 'lost' as const), { maxLength: 3 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const store = new UnsureStore();
      const { buffer, writer } = build(store);
      const expected = new Map<string, number>();
      for (const next of steps) {
        if (next.kind === 'add') {
          buffer.add(flowOf(next.uid, next.sent), now);
          expected.set(next.uid, (expected.get(next.uid) ?? 0) + next.sent);
          continue;
        }
        store.plan(...next.plan);
        await writer.flush();
      }
      store.plan();
      await writer.close(1_000);
      expect(store.sums).toEqual(expected);
    }),
  );
});

test('while the store is away counts are kept, and written in their hours when it is back', async () => {
  const written: FlowBatch[] = [];
  let isAway = true;
  const { buffer, writer, troubles } = build({
    addFlows: async (batch) => {
      if (isAway) throw new Error('away');
      written.push(batch);
    },
  });
  buffer.add(flowOf('a', 1), now);
  await writer.flush();
  buffer.add(flowOf('a', 2, 'no'), now + 3_600_000);
  await writer.flush();
  expect(troubles()).toBe(2);
  isAway = false;
  await writer.flush();
  const rows = written.flatMap(({ buckets }) => buckets.map(({ hour, sent }) => [hour, sent]));
  expect(rows).toEqual([
    [readHour(now), 1],
    [readHour(now) + 3_600_000, 2],
  ]);
  expect(written.map(({ number }) => number)).toEqual([1, 2]);
  expect(written[1]?.errors.map(({ at, error }) => [at, error.message])).toEqual([[now + 3_600_000, 'no']]);
});

test('a flood is written in pieces, in the same order of connections by every gateway', async () => {
  const written: FlowBatch[] = [];
  const { buffer, writer } = build({ addFlows: async (batch) => void written.push(batch) });
  for (let i = 1_199; i >= 0; i--) buffer.add(flowOf(`c${String(i).padStart(4, '0')}`, 1), now);
  await writer.flush();
  expect(written.map(({ buckets }) => buckets.length)).toEqual([500, 500, 200]);
  const order = written.flatMap(({ buckets }) => buckets.map(({ connection }) => connection));
  expect(order).toEqual([...order].sort());
});

test('writes at its interval, and what is left when it is closed', async () => {
  vi.useFakeTimers();
  try {
    const store = new UnsureStore();
    const { buffer, writer } = build(store);
    writer.start();
    buffer.add(flowOf('a', 1), now);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(store.sums.get('a')).toBe(1);
    buffer.add(flowOf('a', 1), now);
    await writer.close(1_000);
    expect(store.sums.get('a')).toBe(2);
    buffer.add(flowOf('a', 1), now);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(store.sums.get('a')).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

test('a store that does not answer keeps the end waiting no longer than it was told', async () => {
  const { buffer, writer } = build({ addFlows: () => new Promise(() => {}) });
  buffer.add(flowOf('a', 1), now);
  await writer.close(10);
});
