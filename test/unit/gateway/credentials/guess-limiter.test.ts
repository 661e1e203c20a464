import { beforeEach, describe, expect, test } from 'vitest';
import { buildGuessLimiter, type GuessLimiter } from '../../../../src/gateway/credentials/guess-limiter.ts';

const hour = 3_600_000;
let now: number;
let limiter: GuessLimiter;

beforeEach(() => {
  now = 1_000_000;
  limiter = buildGuessLimiter(() => now);
});

function fail(times: number, network = 'a', connection = 'c'): void {
  for (let i = 0; i < times; i++) limiter.recordFailure(connection, network);
}

describe('one network', () => {
  test('may fail ten times a minute, and once more', () => {
    fail(10);
    expect(limiter.check('c', 'a')).toBe(0);
    fail(1);
    expect(limiter.check('c', 'a')).toBe(60);
  });

  test('waits for that connection alone, and no other network waits', () => {
    fail(11);
    expect(limiter.check('other', 'a')).toBe(0);
    expect(limiter.check('c', 'b')).toBe(0);
  });

  test('waits until the oldest of the eleven is a minute old, in whole seconds', () => {
    fail(1);
    now += 20_500;
    fail(10);
    expect(limiter.check('c', 'a')).toBe(40);
    now += 39_499;
    expect(limiter.check('c', 'a')).toBe(1);
    now += 1;
    expect(limiter.check('c', 'a')).toBe(0);
  });

  test('has no edge of a window to use: never more than eleven failures in any minute', () => {
    let failures = 0;
    for (let second = 0; second < 600; second++) {
      now += 1000;
      while (limiter.check('c', 'a') === 0 && failures < 1000) {
        fail(1);
        failures++;
      }
    }
    expect(failures).toBeLessThanOrEqual(11 * 11);
  });

  test('that succeeded still waits after eleven failures', () => {
    limiter.recordSuccess('c', 'a');
    fail(11);
    expect(limiter.check('c', 'a')).toBeGreaterThan(0);
  });
});

describe('all networks together', () => {
  test('may fail a hundred times an hour, and once more; then only those that succeeded before are let through', () => {
    limiter.recordSuccess('c', 'known');
    for (let i = 0; i < 100; i++) fail(1, `n${i}`);
    expect(limiter.check('c', 'new')).toBe(0);
    fail(1, 'n100');
    expect(limiter.check('c', 'new')).toBe(3600);
    expect(limiter.check('c', 'n5')).toBe(3600);
    expect(limiter.check('c', 'known')).toBe(0);
    expect(limiter.check('other', 'new')).toBe(0);
    now += hour - 1;
    expect(limiter.check('c', 'new')).toBe(1);
    now += 1;
    expect(limiter.check('c', 'new')).toBe(0);
  });

  test('a success elsewhere makes nobody known here', () => {
    limiter.recordSuccess('other', 'a');
    for (let i = 0; i < 101; i++) fail(1, `n${i}`);
    expect(limiter.check('c', 'a')).toBeGreaterThan(0);
  });

  test('an owner of another connection cannot push out who is known, from however many networks', () => {
    limiter.recordSuccess('victim', 'home');
    for (let i = 0; i < 50_000; i++) limiter.recordSuccess('own', `n${i}`);
    for (let i = 0; i < 101; i++) fail(1, `n${i}`, 'victim');
    expect(limiter.check('victim', 'home')).toBe(0);
  });
});

test.each([
  [19_999, 60],
  [20_000, 0],
])('tables have a fixed size: %i other networks leave a wait of %i seconds', (others, wait) => {
  fail(11);
  for (let i = 0; i < others; i++) fail(1, `n${i}`, `c${i}`);
  expect(limiter.check('c', 'a')).toBe(wait);
});
