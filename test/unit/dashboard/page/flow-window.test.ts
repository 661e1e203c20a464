import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FlowHour } from '../../../../src/api/flow-report.ts';
import { countHours, sumToday, sumWeek } from '../../../../src/dashboard/page/flows/flow-window.ts';

const usual = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'America/New_York';
});
afterAll(() => {
  if (usual === undefined) delete process.env.TZ;
  else process.env.TZ = usual;
});

const hourOf = (hour: string, created: number): FlowHour => ({
  hour,
  created,
  updated: 0,
  sent: 0,
  business: 0,
  technical: 0,
});
/** 2 November 2026, 23:30 in New York, where the clock went back on the day before. */
const now = Date.parse('2026-11-03T04:30:00Z');

test('a day is the one of the viewer, also across a change of the clock', () => {
  const days = sumWeek(
    [hourOf('2026-11-02T04:00:00Z', 1), hourOf('2026-11-02T05:00:00Z', 2), hourOf('2026-11-03T04:00:00Z', 4)],
    now,
  );
  expect(days.map(({ created }) => created)).toEqual([0, 0, 0, 0, 0, 1, 6]);
  expect(new Date(days[6]?.start ?? 0).toISOString()).toBe('2026-11-02T05:00:00.000Z');
});

test('today has every hour; what was yesterday for the viewer is in none', () => {
  const today = sumToday([hourOf('2026-11-02T04:00:00Z', 1), hourOf('2026-11-03T04:00:00Z', 4)], now);
  expect(today).toHaveLength(24);
  expect(today.map(({ created }) => created).filter(Boolean)).toEqual([4]);
  expect(today.at(-1)?.created).toBe(4);
});

test('the gateways are asked for as many hours as the seven days have', () => {
  // From 27 October 00:00 (04:00 UTC) to the hour of now, both included.
  expect(countHours(now)).toBe(7 * 24 + 1);
});
