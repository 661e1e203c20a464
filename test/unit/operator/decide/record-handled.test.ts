import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isHandled } from '../../../../src/credentials/outstanding-requests.ts';
import { recordHandled } from '../../../../src/operator/decide/record-handled.ts';

const pair = fc.record({
  annotation: fc.constantFrom('w', 'x', 'y', 'z'),
  token: fc.integer({ min: 0, max: 20 }).map(String),
});
const token = (n: number) => ({ annotation: 'w', token: String(n) });
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => token(from + i));

test('what was acted on is added at the end', () => {
  expect(recordHandled([token(1)], [token(2)], [token(2)])).toEqual([token(1), token(2)]);
});

test('a token that is added again is there once, as the newest', () => {
  expect(recordHandled([token(1), token(2)], [token(1)], [])).toEqual([token(2), token(1)]);
});

test('the last 16 are kept, the oldest go', () => {
  expect(recordHandled(many(0, 16), [token(16)], [token(16)])).toEqual(many(1, 17));
});

test('one that stands on the object is never dropped, however old it is', () => {
  const kept = recordHandled(many(0, 16), [token(16)], [token(0), token(16)]);
  expect(kept).toEqual([token(0), ...many(2, 17)]);
});

test('whatever is added over time: 16 at most, none twice, none that stands is missing', () => {
  const step = fc.record({
    standing: fc.uniqueArray(pair, { maxLength: 4, selector: ({ annotation }) => annotation }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let handled: readonly { annotation: string; token: string }[] = [];
      for (const { standing } of steps) {
        handled = recordHandled(
          handled,
          standing.filter((request) => !isHandled(handled, request)),
          standing,
        );
        expect(handled.length).toBeLessThanOrEqual(16);
        expect(new Set(handled.map((each) => JSON.stringify(each))).size).toBe(handled.length);
        for (const request of standing) expect(isHandled(handled, request)).toBe(true);
      }
    }),
  );
});
