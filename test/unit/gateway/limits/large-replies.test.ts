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
  // Whoever asks again is told at the new place.
  expect(e.grow(large)).toBe(false);
  // Whoever leaves twice makes room once.
  a.leave();
  expect(told).toEqual(['d']);
  b.leave();
  d.leave();
  expect(told).toEqual(['d', 'e']);
  e.leave();
  expect([open('f').grow(large), open('g').grow(large), open('h').grow(large)]).toEqual([true, true, false]);
});

test('a reply that is read a second time keeps its place and is told anew', () => {
  const replies = new LargeReplies();
  const [a, b, c] = [replies.open(), replies.open(), replies.open()];
  const told: string[] = [];
  for (const reply of [a, b]) expect(reply.grow(large, () => undefined)).toBe(true);
  expect(c.grow(large, () => told.push('first'))).toBe(false);
  expect(c.grow(1, () => told.push('second'))).toBe(true);
  expect(c.grow(large, () => told.push('second'))).toBe(false);
  a.leave();
  expect(told).toEqual(['second']);
});
