import { expect, test } from 'vitest';
import { HeldBodies } from '../../../../src/gateway/limits/held-bodies.ts';

test('so many bytes and no more, until some are given back', () => {
  const bodies = new HeldBodies();
  const half = 134_217_728;
  expect([bodies.take(half), bodies.take(half), bodies.take(1)]).toEqual([true, true, false]);
  bodies.give(half);
  expect([bodies.take(half), bodies.take(1)]).toEqual([true, false]);
});
