import { expect, test } from 'vitest';
import { ClockSkew } from '../../../src/kube/clock-skew.ts';

const date = 'Tue, 15 Nov 1994 08:12:31 GMT';
const server = Date.parse(date);

test('on average the header is half a second behind the clock that wrote it', () => {
  const skew = new ClockSkew();
  // The server wrote it at some time between 31.000 and 31.999, half way between `sent` and `received`.
  skew.observe(date, server + 400, server + 600);
  expect(skew.read()).toBe(0);
  skew.observe(date, server + 60_400, server + 60_600);
  expect(skew.read()).toBe(60_000);
  skew.observe(date, server - 59_600, server - 59_400);
  expect(skew.read()).toBe(-60_000);
});

test('what says nothing changes nothing', () => {
  const skew = new ClockSkew();
  expect(skew.read()).toBeUndefined();
  skew.observe(date, server + 500, server + 500);
  skew.observe(undefined, 0, 0);
  skew.observe('yesterday', 0, 0);
  // It took too long, or the local clock was set back meanwhile.
  skew.observe(date, server - 90_000, server);
  skew.observe(date, server + 9_000, server + 8_000);
  expect(skew.read()).toBe(0);
});
