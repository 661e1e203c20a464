import { expect, test } from 'vitest';
import { noCounts } from '../../../src/flows/add-counts.ts';
import { sumDays } from '../../../src/flows/sum-days.ts';

const at = (hour: string, sent: number) => ({ ...noCounts, hour, sent });
const now = Date.parse('2026-11-28T10:15:00Z');

test('hours become days of the time zone, today last, empty days as zeros', () => {
  const hours = [at('2026-11-26T23:00:00Z', 1), at('2026-11-27T22:00:00Z', 2), at('2026-11-27T23:00:00Z', 4)];
  const sent = (timeZone: string) => sumDays(hours, now, timeZone, 3).map(({ day, sent }) => [day, sent]);
  expect(sent('UTC')).toEqual([
    ['2026-11-26', 1],
    ['2026-11-27', 6],
    ['2026-11-28', 0],
  ]);
  expect(sent('Europe/Paris')).toEqual([
    ['2026-11-26', 0],
    ['2026-11-27', 3],
    ['2026-11-28', 4],
  ]);
});

test('today is the viewer’s: it may be tomorrow already', () => {
  expect(sumDays([], Date.parse('2026-11-28T23:30:00Z'), 'Asia/Tokyo', 1).map(({ day }) => day)).toEqual([
    '2026-11-29',
  ]);
});

test('no day is missing or twice around a change of the clock', () => {
  for (const end of ['2026-03-29T22:30:00Z', '2026-10-25T22:30:00Z', '2026-10-25T23:30:00Z']) {
    const days = sumDays([], Date.parse(end), 'Europe/Paris', 8).map(({ day }) => day);
    expect(new Set(days).size).toBe(8);
    for (let i = 1; i < 8; i++) {
      expect(Date.parse(days[i] ?? '') - Date.parse(days[i - 1] ?? '')).toBe(86_400_000);
    }
  }
});

test('what is older than the first day is left out, and an unknown time zone is told', () => {
  expect(sumDays([at('2026-11-20T10:00:00Z', 1)], now, 'UTC', 7).every(({ sent }) => sent === 0)).toBe(true);
  expect(() => sumDays([], now, 'Mars/Olympus', 7)).toThrow(RangeError);
});
