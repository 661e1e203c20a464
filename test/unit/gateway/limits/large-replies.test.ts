import { expect, test } from 'vitest';
import { LargeReplies, smallReply } from '../../../../src/gateway/limits/large-replies.ts';

const large = smallReply + 1;

test('small replies need no turn, two large ones are read at once, the others in the order in which they grew', () => {
  const replies = new LargeReplies();
  const told: string[] = [];
  const open = (name: string) => {
    const reply = replies.open();
    return { grow: (size: number) => reply.grow(size, () => told.push(name)), leave: () => reply.leave() };
  };
  const [a, b, c, d, e] = [open('a'), open('b'), open('c'), open('d'), open('e')];
  expect([a, b, c, d, e].map(({ grow }) => grow(smallReply))).toEqual([true, true, true, true, true]);
  expect([a, b, d, c, e].map(({ grow }) => grow(large))).toEqual([true, true, false, false, false]);
  // More of it that was on its way asks no second time.
  expect([d.grow(large + 1), a.grow(large + 1)]).toEqual([false, true]);
  c.leave();
  a.leave();
  expect(told).toEqual(['d']);
  expect(d.grow(large + 2)).toBe(true);
  // Whoever leaves twice makes room once.
  a.leave();
  expect(told).toEqual(['d']);
  b.leave();
  d.leave();
  expect(told).toEqual(['d', 'e']);
  e.leave();
  expect([open('f').grow(large), open('g').grow(large), open('h').grow(large)]).toEqual([true, true, false]);
});
