import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../tools/start/format-summary.ts';
import { type Block, type FlowPair, type FlowResult, measureFlows } from './flows/measure-flows.ts';
import { startBenchCluster } from './issue/bench-cluster.ts';
import { median } from './issue/statistics.ts';

const usage = `npm run bench -- flows [options]

Calls one gateway as two connections by turns, one tracked and one not: what counting costs a call.

  --quick      a fifth of the rounds
  --rounds N   pairs of blocks of each kind of call; default 20
`;

/** Writes one table, on standard output and to bench/out. */
export async function runBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const rounds = Number(values.rounds ?? (values.quick ? 4 : 20));
  const before = formatLoad();
  const cluster = await startBenchCluster();
  try {
    const results = await measureFlows(cluster, rounds);
    const machine = `Node ${process.version}, ${availableParallelism()} cores, load ${before} before, ${formatLoad()} after`;
    const table = `${machine}; ${rounds} pairs each\n\n${formatReport(results)}\n`;
    process.stdout.write(`\n${table}`);
    const folder = join(import.meta.dirname, 'out');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `flows-${new Date().toISOString().replaceAll(':', '')}.txt`), table);
  } finally {
    await cluster.stop();
  }
}

function formatReport(results: readonly FlowResult[]): string {
  const rows = results.flatMap(({ name, pairs }) => [
    [`${name}: processor time of the gateway`, ...formatPairs(pairs, ({ processor }) => processor), 'at most 1.05'],
    [`${name}: time, 8 at once`, ...formatPairs(pairs, ({ wall }) => wall), ''],
  ]);
  return formatTable([['microseconds a call, medians', 'COUNTED', 'NOT', 'RATIO', 'TARGET'], ...rows]);
}

/** The ratio is the median of the pairs' ratios, with their quartiles. */
function formatPairs(pairs: readonly FlowPair[], read: (block: Block) => number): readonly string[] {
  const ratios = pairs.map(({ counted, uncounted }) => read(counted) / read(uncounted)).sort((a, b) => a - b);
  const quartile = (share: number): string => (ratios[Math.floor(share * (ratios.length - 1))] ?? 0).toFixed(2);
  return [
    median(pairs.map(({ counted }) => read(counted))).toFixed(0),
    median(pairs.map(({ uncounted }) => read(uncounted))).toFixed(0),
    `${median(ratios).toFixed(3)} (${quartile(0.25)}-${quartile(0.75)})`,
  ];
}

/** Of the last minute: what else ran on the machine makes absolute figures say little. */
function formatLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
