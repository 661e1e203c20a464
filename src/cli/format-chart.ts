/** One bar of a chart. */
export interface Bar {
  readonly label: string;
  readonly value: number;
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * Bars beneath each other, the longest as wide as there is room, with their values behind them. Zero has no bar, and
 * anything more has at least the thinnest. `plain`: of `#`, for terminals that know no blocks.
 */
export function formatChart(bars: readonly Bar[], columns: number, plain: boolean): string {
  const labels = Math.max(...bars.map(({ label }) => label.length));
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const values = formatCount(most).length;
  const room = Math.max(8, Math.min(60, columns - labels - values - 6));
  return bars
    .map(({ label, value }) => {
      const bar = plain ? '#'.repeat(Math.ceil((value / most) * room)) : buildBar(value / most, room);
      return `  ${label.padEnd(labels)}  ${bar}${bar === '' ? '' : ' '}${formatCount(value)}`;
    })
    .join('\n');
}

function buildBar(share: number, room: number): string {
  if (share <= 0) return '';
  const parts = Math.max(1, Math.round(share * room * 8));
  return '█'.repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? '');
}

/** `1,234,567`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}
