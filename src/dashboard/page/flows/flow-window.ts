import type { FlowCounts, FlowHour } from '../../../api/flow-report.ts';
import { addCounts, noCounts } from '../../../flows/add-counts.ts';
import { sumDays } from '../../../flows/sum-days.ts';
import { hourLength, readHour } from '../../../flows/utc-hour.ts';

/** Today and the six days before. */
const dayCount = 7;

/** What was counted between two moments, for one bar of a chart. */
export interface FlowSlot extends FlowCounts {
  /** Milliseconds since the epoch: where it begins. */
  readonly start: number;
}

/** The viewer's time zone, as in `Europe/Paris`. */
export function readTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Midnight of the viewer's day, that many days before the day of `now`. */
function findMidnight(now: number, daysBefore: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBefore).getTime();
}

/** How many hours to ask the gateways for: back to the beginning of the first day, the current hour included. */
export function countHours(now: number): number {
  return (readHour(now) - readHour(findMidnight(now, dayCount - 1))) / hourLength + 1;
}

/** The seven days of the viewer's time zone that end with the one of `now`, oldest first. */
export function sumWeek(hours: readonly FlowHour[], now: number): readonly FlowSlot[] {
  // A day without a zone is the viewer's.
  return sumDays(hours, now, readTimeZone(), dayCount).map(({ day, ...counts }) => ({
    start: Date.parse(`${day}T00:00:00`),
    ...counts,
  }));
}

/** Every hour of the viewer's day of `now`, also those that are to come: 23 to 25 of them. */
export function sumToday(hours: readonly FlowHour[], now: number): readonly FlowSlot[] {
  const midnight = findMidnight(now, 0);
  const count = Math.ceil((findMidnight(now, -1) - midnight) / hourLength);
  return Array.from({ length: count }, (_, index) => {
    const start = midnight + index * hourLength;
    const own = hours.filter(({ hour }) => Date.parse(hour) >= start && Date.parse(hour) < start + hourLength);
    return { start, ...own.reduce<FlowCounts>(addCounts, noCounts) };
  });
}
