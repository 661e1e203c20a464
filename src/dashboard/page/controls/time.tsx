import type { JSX } from 'react';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** As in `3 hours ago`, `in 2 days`, `just now`. */
export function describeDistance(at: number, now: number): string {
  const apart = at - now;
  const [unit, length] = units.find(([, size]) => Math.abs(apart) >= size) ?? ['second', 1000];
  return unit === 'second'
    ? apart > 0
      ? 'in a moment'
      : 'just now'
    : relative.format(Math.trunc(apart / length), unit);
}

/** In the viewer's time zone. */
export function formatTime(at: string | number): string {
  return exact.format(new Date(at));
}

/** A moment: how long ago, and exactly when for who looks closer. */
export function Time({ at }: { readonly at: string }): JSX.Element {
  return (
    <time dateTime={at} title={formatTime(at)}>
      {describeDistance(Date.parse(at), Date.now())}
    </time>
  );
}
