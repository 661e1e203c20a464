import type { FlowCounts, FlowHour } from '../api/flow-report.ts';
import { addCounts, noCounts } from './add-counts.ts';

/** Sums of one day of a time zone. */
export interface FlowDay extends FlowCounts {
  /** As in `2026-11-28`. */
  readonly day: string;
}

/** Milliseconds; a day with a change of the clock is up to an hour shorter or longer. */
const dayLength = 24 * 3_600_000;

/**
 * The last `days` days of a time zone, today last, days without anything as zeros. An hour counts for the day in which
 * it begins there, so where the offset is no whole hour some minutes of the neighbouring day count along.
 *
 * @param now milliseconds since the epoch.
 * @param timeZone as in `Europe/Paris`. Throws `RangeError` when it is not known.
 */
export function sumDays(hours: readonly FlowHour[], now: number, timeZone: string, days: number): FlowDay[] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const sums = new Map<string, FlowCounts>();
  // A day's name is found from the one before: no step of 24 hours away from now skips or repeats a name for long.
  const today = format.format(now);
  for (let back = days - 1; back >= 0; back--) sums.set(nameBefore(today, back), noCounts);
  for (const hour of hours) {
    const day = format.format(Date.parse(hour.hour));
    const known = sums.get(day);
    if (known !== undefined) sums.set(day, addCounts(known, hour));
  }
  return [...sums].map(([day, counts]) => ({ day, ...counts }));
}

/** The calendar needs no time zone. */
function nameBefore(day: string, back: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - back * dayLength).toISOString().slice(0, 10);
}
