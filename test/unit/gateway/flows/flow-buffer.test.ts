import { expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { FlowBuffer } from '../../../../src/gateway/flows/flow-buffer.ts';

const now = Date.parse('2026-11-28T10:15:00Z');
const flowOf = (uid: string, messages: readonly string[] = []) => ({
  connection: { metadata: { uid } } as Connection,
  counts: { business: messages.length, updated: 1 },
  errors: messages.map((message) => ({ message })),
  route: 'PATCH /api/rest/v1/products',
});

test('of each connection the newest hundred errors are kept', () => {
  const buffer = new FlowBuffer();
  for (let i = 0; i < 150; i++) buffer.add(flowOf('a', [`${i}`]), now + i);
  buffer.add(flowOf('b', ['other']), now);
  const { buckets, errors } = buffer.take();
  expect(buckets.map(({ connection, business, updated }) => [connection, business, updated])).toEqual([
    ['a', 150, 150],
    ['b', 1, 1],
  ]);
  expect(errors).toHaveLength(101);
  expect(errors[0]?.error).toEqual({ message: '50', route: 'PATCH /api/rest/v1/products' });
  expect(errors[0]?.at).toBe(now + 50);
});

test('what was taken is gone, and what comes later is new', () => {
  const buffer = new FlowBuffer();
  buffer.add(flowOf('a', ['x']), now);
  expect(buffer.isEmpty).toBe(false);
  buffer.take();
  expect(buffer.isEmpty).toBe(true);
  expect(buffer.take()).toEqual({ buckets: [], errors: [] });
});

test('memory is bounded: new hours find no room, known ones still count, and what is lost is told', () => {
  const buffer = new FlowBuffer();
  for (let i = 0; i < 200_001; i++) buffer.add(flowOf(`c${i}`), now);
  buffer.add(flowOf('c0'), now);
  expect(buffer.lost).toBe(1);
  const { buckets } = buffer.take();
  expect(buckets).toHaveLength(200_000);
  expect(buckets.find(({ connection }) => connection === 'c0')?.updated).toBe(2);
});

test('errors of all connections together are bounded, their counts are not', () => {
  const buffer = new FlowBuffer();
  const messages = Array.from({ length: 100 }, (_, i) => `${i}`);
  for (let i = 0; i < 300; i++) buffer.add(flowOf(`c${i}`, messages), now);
  const { buckets, errors } = buffer.take();
  expect(errors).toHaveLength(20_000);
  expect(buckets.every(({ business }) => business === 100)).toBe(true);
});
