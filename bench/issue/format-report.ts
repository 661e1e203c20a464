import { formatTable } from '../../tools/start/format-summary.ts';
import { formatCounts, sumOf } from './count-requests.ts';
import { type IssueResult, type ProcessorTime, width } from './measure-issue.ts';
import type { RestartResult, Took } from './measure-restart.ts';
import type { RotationResult } from './measure-rotation.ts';
import type { ProcessUse } from './read-process.ts';
import { median, percentile } from './statistics.ts';

/** One line of the table. */
export type Row = readonly [what: string, operator: string, bare: string, ratio: string, target: string];

const none = '';

export function formatReport(rows: readonly Row[]): string {
  return formatTable([['', 'OPERATOR', 'BARE', 'RATIO', 'TARGET'], ...rows]);
}

/** Speed of one batch size over all rounds: medians, and the ratio of the pairs' medians with its range. */
export function reportIssue(results: readonly IssueResult[], count: number): Row[] {
  const of = (mode: IssueResult['mode']): IssueResult[] =>
    results.filter((result) => result.mode === mode && result.count === count);
  const speeds = (mode: IssueResult['mode']): number[] => of(mode).map(({ seconds }) => count / seconds);
  const [operator, bare] = [speeds('operator'), speeds('bare')];
  const pairs = operator.map((speed, round) => speed / (bare[round] ?? Number.NaN));
  const writes = of('operator').map((result) => sumOf(result.writes) / count);
  const processor = (mode: IssueResult['mode'], read: (time: ProcessorTime) => number): number[] =>
    of(mode).map((result) => (read(result.processor) / count) * 1000);
  const [all, allBare] = [processor('operator', (time) => time.all), processor('bare', (time) => time.all)];
  const alone = median(processor('operator', (time) => time.operator));
  const what = `issue ${thousands(count)}`;
  return [
    [
      `${what}: connections a second, ${width} calls at once`,
      median(operator).toFixed(0),
      median(bare).toFixed(0),
      formatRatios(pairs),
      'at least 0.75',
    ],
    [
      `${what}: writes for each`,
      [...new Set(writes.map((each) => each.toFixed(3)))].join(', '),
      '2',
      none,
      'exactly 2',
    ],
    [
      `${what}: processor time of all for each, and bare : operator`,
      `${milliseconds(median(all))} (operator ${milliseconds(alone)})`,
      milliseconds(median(allBare)),
      formatRatios(all.map((time, round) => (allBare[round] ?? Number.NaN) / time)),
      none,
    ],
  ];
}

export function reportMemory(
  size: { readonly connections: number; readonly foreign: number },
  issued: ProcessUse,
  restarts: readonly RestartResult[],
): Row[] {
  const what = `memory at ${thousands(size.connections)} and ${thousands(size.foreign)} foreign Secrets`;
  const restarted = restarts.map(({ use }) => use);
  return [
    [`${what}: after issuing them`, megabytes(issued.resident), none, none, 'at most 300 MB'],
    [`${what}: the same, peak`, megabytes(issued.peak), none, none, none],
    [
      `${what}: after a restart`,
      megabytes(median(restarted.map(({ resident }) => resident))),
      none,
      none,
      'at most 300 MB',
    ],
    [`${what}: the same, peak`, megabytes(Math.max(...restarted.map(({ peak }) => peak))), none, none, none],
  ];
}

/**
 * Settled: every Connection was looked at once and nothing is due. The bare list is measured from its first request in
 * every row, so it has no start of a process in it; it ends with the last page parsed.
 */
export function reportRestart(connections: number, restarts: readonly RestartResult[], lists: readonly Took[]): Row[] {
  const what = `restart at ${thousands(connections)}`;
  const bare = lists.map(({ fromFirstRequest }) => fromFirstRequest);
  const compare = (name: string, target: string, read: (restart: RestartResult) => number): Row => {
    const operator = restarts.map(read);
    const ratios = operator.map((value, round) => value / (bare[round] ?? Number.NaN));
    return [`${what}: ${name}`, seconds(median(operator)), seconds(median(bare)), formatRatios(ratios), target];
  };
  const writes = restarts.map((restart) => formatCounts(restart.writes));
  return [
    compare('process start to settled; list in pages', 'at most 2', ({ settled }) => settled.fromStart),
    compare('first request to settled; list in pages', none, ({ settled }) => settled.fromFirstRequest),
    compare('first request to all listed; list in pages', none, ({ synced }) => synced.fromFirstRequest),
    [`${what}: writes`, [...new Set(writes)].join('; '), none, none, 'none'],
  ];
}

export function reportRotation(connections: number, result: RotationResult): Row[] {
  const what = `rotation among ${thousands(connections)}`;
  const { rotations, deliveries, twoWrites } = result;
  return [
    [`${what}: annotation answered to new Secret seen, median`, milliseconds(median(rotations)), none, none, none],
    [`${what}: the same, p99`, milliseconds(percentile(rotations, 0.99)), none, none, none],
    [
      `${what}: bare watch, answered to seen, median and p99`,
      none,
      `${milliseconds(median(deliveries))}, ${milliseconds(percentile(deliveries, 0.99))}`,
      none,
      none,
    ],
    [
      `${what}: bare, two writes in a row to seen, median and p99`,
      none,
      `${milliseconds(median(twoWrites))}, ${milliseconds(percentile(twoWrites, 0.99))}`,
      none,
      none,
    ],
  ];
}

/** The median and the range. */
function formatRatios(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`;
}

function thousands(count: number): string {
  return count.toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}
