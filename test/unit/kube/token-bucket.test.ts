import { expect, test } from 'vitest';
import { TokenBucket } from '../../../src/kube/token-bucket.ts';

test('a burst at once, then one at a time', () => {
  const bucket = new TokenBucket(3, 2, 1_000);
  expect([1, 2, 3, 4].map(() => bucket.take(1_000))).toEqual([true, true, true, false]);
  expect(bucket.wait(1_000)).toBe(500);
  expect(bucket.take(1_499)).toBe(false);
  expect(bucket.take(1_500)).toBe(true);
  expect(bucket.isFull(2_999)).toBe(false);
  expect(bucket.isFull(3_000)).toBe(true);
  expect([1, 2, 3, 4].map(() => bucket.take(1_000_000))).toEqual([true, true, true, false]);
});
