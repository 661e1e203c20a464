import { formatTable } from '../../tools/start/format-summary.ts';
import { median } from '../issue/statistics.ts';
import type { RateResult } from './measure-authz.ts';
import type { FloodResult } from './measure-flood.ts';
import type { MemoryResult } from './measure-memory.ts';

/** What was measured; parts that were left out are absent. */
export interface GatewayReport {
  authz?: readonly RateResult[];
  proxy?: readonly (readonly [plain: RateResult, ours: RateResult])[];
  tokens?: readonly RateResult[];
  flood?: readonly FloodResult[];
  memory?: MemoryResult;
}

/** One table for each part, with the ratios that matter and what is to be reached. */
export function formatReport({ authz, proxy, tokens, flood, memory }: GatewayReport): string {
  const rates: string[][] = [];
  const [bare, one, ...different] = authz ?? [];
  if (bare && one) {
    rates.push(formatRate(bare), formatRate(one, bare, 'at least 0.7'));
    rates.push(...different.map((result) => formatRate(result, bare, 'at least 0.5')));
  }
  for (const [plain, ours] of proxy ?? []) rates.push(formatRate(plain), formatRate(ours, plain, 'at least 1'));
  for (const result of tokens ?? []) rates.push(formatRate(result));
  const tables: string[] = [];
  if (memory) tables.push(formatMemory(memory));
  if (rates.length > 0) {
    const head = ['', 'A SECOND', 'RATIO', 'CPU µs EACH', 'RATIO OF CPU', 'P99 ms', 'TARGET'];
    tables.push(formatTable([head, ...rates]));
  }
  if (flood) tables.push(formatFlood(flood));
  return tables.join('\n\n');
}

/** The ratio of processor time the other way round, so that more is better in both. */
function formatRate(result: RateResult, against?: RateResult, target = ''): string[] {
  const { name, rate, processor, p99 } = result;
  const ratio = against === undefined ? '' : (rate / against.rate).toFixed(2);
  const cheaper = against === undefined ? '' : (against.processor / processor).toFixed(2);
  return [name, rate.toFixed(0), ratio, processor.toFixed(0), cheaper, p99.toFixed(1), target];
}

function formatFlood(rounds: readonly FloodResult[]): string {
  const middle = (read: (round: FloodResult) => number): number => median(rounds.map(read));
  const sum = (read: (round: FloodResult) => number): number => rounds.reduce((all, round) => all + read(round), 0);
  const calm = middle((round) => round.calm.p99);
  const flooded = middle((round) => round.flooded.p99);
  const statuses = new Set(rounds.flatMap(({ guesses }) => Object.keys(guesses.statuses)));
  const guesses = [...statuses].map((status) => `${sum((round) => round.guesses.statuses[status] ?? 0)} × ${status}`);
  const row = (name: string, value: string, ratio = '', target = ''): string[] => [name, value, ratio, target];
  return formatTable([
    ['while passwords and secrets are guessed', '', 'RATIO', 'TARGET'],
    row('/authz p99, calm', `${calm.toFixed(2)} ms`),
    row('/authz p99, flooded', `${flooded.toFixed(2)} ms`, (flooded / calm).toFixed(2), 'at most 3'),
    row('guesses a second', middle((round) => round.guesses.answers / round.guesses.seconds).toFixed(0)),
    row('guesses answered', guesses.join(', ')),
    row('logins and refreshes of the connector', String(sum(({ renewed }) => renewed))),
    row('those that failed', String(sum(({ failed }) => failed)), '', '0'),
  ]);
}

function formatMemory({ count, objects, clients }: MemoryResult): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return formatTable([
    ['memory of the gateway', 'RESIDENT', 'AT MOST', 'TARGET'],
    [`${count} Connections known`, megabytes(objects.resident), megabytes(objects.peak), 'at most 300 MB'],
    [`and ${count} clients connected`, megabytes(clients.resident), megabytes(clients.peak), 'at most 300 MB'],
  ]);
}
