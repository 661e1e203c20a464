import type { FlowCounts, FlowHour } from '../../../api/flow-report.ts';

const hourLength = 3_600_000;
/** Today and the six days before. */
const dayCount = 7;

/** What was counted between two moments, for one bar of a chart. */
export interface FlowSlot extends FlowCounts {
  /** Milliseconds since the epoch: where it begins. */
  readonly start: number;
}

const nothing: FlowCounts = { created: 0, updated: 0, sent: 0, business: 0, technical: 0 };

/** Midnight of the viewer's day, that many days before the day of `now`. Days with a clock change have 23 or 25 hours. */
function findMidnight(now: number, daysBefore: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBefore).getTime();
}

/** How many hours to ask the gateways for: back to the beginning of the first day, the current hour included. */
export function countHours(now: number): number {
  const first = Math.floor(findMidnight(now, dayCount - 1) / hourLength);
  return Math.floor(now / hourLength) - first + 1;
}

/** The seven days of the viewer's time zone that end with the one of `now`, oldest first. */
export function sumDays(hours: readonly FlowHour[], now: number): readonly FlowSlot[] {
  const starts = Array.from({ length: dayCount }, (_, index) => findMidnight(now, dayCount - 1 - index));
  return sumSlots(hours, starts, Number.POSITIVE_INFINITY);
}

/** Every hour of the viewer's day of `now`, also those that are to come. */
export function sumToday(hours: readonly FlowHour[], now: number): readonly FlowSlot[] {
  const midnight = findMidnight(now, 0);
  const end = findMidnight(now, -1);
  const starts = Array.from(
    { length: Math.ceil((end - midnight) / hourLength) },
    (_, index) => midnight + index * hourLength,
  );
  return sumSlots(hours, starts, end);
}

/** An hour of the report belongs to the slot in which it begins. */
function sumSlots(hours: readonly FlowHour[], starts: readonly number[], end: number): readonly FlowSlot[] {
  const slots = starts.map((start) => ({ start, ...nothing }));
  for (const { hour, ...counts } of hours) {
    const at = Date.parse(hour);
    const slot = at < end ? slots.findLast(({ start }) => start <= at) : undefined;
    if (slot !== undefined) addCounts(slot, counts);
  }
  return slots;
}

function addCounts(sum: { -readonly [Key in keyof FlowCounts]: number }, counts: FlowCounts): void {
  sum.created += counts.created;
  sum.updated += counts.updated;
  sum.sent += counts.sent;
  sum.business += counts.business;
  sum.technical += counts.technical;
}
