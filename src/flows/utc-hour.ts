/** Milliseconds. */
export const hourLength = 3_600_000;

/** Start of the UTC hour that a moment falls in; both in milliseconds since the epoch. */
export function readHour(at: number): number {
  return Math.floor(at / hourLength) * hourLength;
}

/** As in `2026-11-28T10:00:00Z`. */
export function formatHour(hour: number): string {
  return `${new Date(hour).toISOString().slice(0, 19)}Z`;
}
