import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../tools/start/format-summary.ts';
import { startBenchCluster } from './issue/bench-cluster.ts';
import { median, percentile } from './issue/statistics.ts';
import { measureRevocation, type RevocationMode, type RevocationResult } from './revocation/measure-revocation.ts';

const usage = `npm run bench -- revocation [options]

Revokes, rotates, suspends, changes the role and deletes on a local control plane, and asks two gateways all the while:
time from the API write's answer to the first refusal, with the operator and without it, beside a bare watch.

  --quick      a tenth of the changes
  --count N    changes for each of both; default 1000
`;

/** Writes one table, on standard output and to bench/out. */
export async function runBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      count: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const count = Number(values.count ?? (values.quick ? 100 : 1_000));
  const before = formatLoad();
  const results: RevocationResult[] = [];
  for (const mode of ['operator runs', 'operator stopped'] as const) results.push(await measure(mode, count));
  const machine = `Node ${process.version}, ${availableParallelism()} cores, load ${before} before, ${formatLoad()} after`;
  const table = `${machine}; ${count} changes each, two gateways\n\n${formatReport(results)}\n`;
  process.stdout.write(`\n${table}`);
  const folder = join(import.meta.dirname, 'out');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `revocation-${new Date().toISOString().replaceAll(':', '')}.txt`), table);
}

async function measure(mode: RevocationMode, count: number): Promise<RevocationResult> {
  process.stderr.write(`${count} changes while the ${mode}\n`);
  const cluster = await startBenchCluster();
  try {
    return await measureRevocation(cluster, mode, count);
  } finally {
    await cluster.stop();
  }
}

function formatReport(results: readonly RevocationResult[]): string {
  const rows = results.flatMap(({ mode, refusals, bothRefusals, deliveries }) => {
    const formatRatio = (times: readonly number[]): string =>
      (percentile(times, 0.99) / percentile(deliveries, 0.99)).toFixed(2);
    return [
      [`${mode}: write answered to a gateway refusing`, ...formatTimes(refusals), formatRatio(refusals), 'at most 2'],
      [`${mode}: write answered to both refusing`, ...formatTimes(bothRefusals), formatRatio(bothRefusals), ''],
      [`${mode}: write answered to seen by a bare watch`, ...formatTimes(deliveries), '', ''],
    ];
  });
  return formatTable([['milliseconds', 'P50', 'P99', 'MAX', 'RATIO P99', 'TARGET'], ...rows]);
}

function formatTimes(times: readonly number[]): readonly string[] {
  return [median(times), percentile(times, 0.99), Math.max(...times)].map((time) => time.toFixed(1));
}

/** Of the last minute: what else ran on the machine makes absolute figures say little. */
function formatLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
