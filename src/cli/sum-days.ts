import type { FlowCounts, FlowHour } from '../api/flow-report.ts';

/** Sums of one day of the viewer. */
export interface DaySums extends FlowCounts {
  /** `2026-11-28`, in the viewer's time zone. */
  readonly day: string;
}

const none: FlowCounts = { created: 0, updated: 0, sent: 0, business: 0, technical: 0 };

/**
 * The last `days` days up to `now`, oldest first, those without anything included. A day begins at midnight of `zone`
 * (IANA); an hour belongs to the day that it begins in.
 */
export function sumDays(hours: readonly FlowHour[], days: number, now: number, zone: string): readonly DaySums[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const sums = new Map<string, FlowCounts>();
  for (const hour of hours) {
    const day = format.format(new Date(hour.hour));
    const before = sums.get(day) ?? none;
    sums.set(day, {
      created: before.created + hour.created,
      updated: before.updated + hour.updated,
      sent: before.sent + hour.sent,
      business: before.business + hour.business,
      technical: before.technical + hour.technical,
    });
  }
  // Counted on the calendar: a day of the zone may have 23 or 25 hours.
  const today = Date.parse(`${format.format(new Date(now))}T00:00:00Z`);
  return Array.from({ length: days }, (_, at) => {
    const day = new Date(today - (days - 1 - at) * 86_400_000).toISOString().slice(0, 10);
    return { day, ...(sums.get(day) ?? none) };
  });
}
