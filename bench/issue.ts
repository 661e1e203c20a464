import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCluster, startBenchCluster } from './issue/bench-cluster.ts';
import type { Sample } from './issue/build-objects.ts';
import { fillCluster } from './issue/fill-cluster.ts';
import {
  formatReport,
  type Row,
  reportIssue,
  reportMemory,
  reportRestart,
  reportRotation,
} from './issue/format-report.ts';
import { type IssueResult, measureIssue } from './issue/measure-issue.ts';
import { measureList, measureRestart, type RestartResult, type Took } from './issue/measure-restart.ts';
import { measureRotation } from './issue/measure-rotation.ts';
import type { BenchOperatorOptions } from './issue/start-bench-operator.ts';

const usage = `npm run bench -- issue [options]

Issues, restarts and rotates on a local control plane, side by side with the same work done bare.

  --quick           a tenth of the size
  --only A,B        of issue, restart (with memory), rotation; absent: all
  --profile FOLDER  write a processor profile of every operator there
`;

interface Sizes {
  readonly batches: readonly number[];
  /** In which order operator and bare take turns. */
  readonly turns: readonly IssueResult['mode'][];
  readonly filled: { readonly connections: number; readonly foreign: number };
  readonly restarts: number;
  readonly rotation: { readonly connections: number; readonly rotations: number };
}

const full: Sizes = {
  batches: [1_000, 5_000],
  turns: ['operator', 'bare', 'bare', 'operator', 'operator', 'bare'],
  filled: { connections: 10_000, foreign: 30_000 },
  restarts: 5,
  rotation: { connections: 1_000, rotations: 200 },
};

const quick: Sizes = {
  batches: [200, 500],
  turns: ['operator', 'bare'],
  filled: { connections: 1_000, foreign: 3_000 },
  restarts: 2,
  rotation: { connections: 100, rotations: 20 },
};

/** Runs every part and writes one table, on standard output and to bench/out. */
export async function runBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: 'issue,restart,rotation' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const sizes = values.quick ? quick : full;
  const parts = values.only.split(',');
  const options = { profiles: values.profile };
  const began = performance.now();
  const machine = [`Node ${process.version}, ${availableParallelism()} cores, load ${formatLoad()} before`];
  const rows: Row[] = [];
  if (parts.includes('issue')) rows.push(...(await runIssue(sizes, options)));
  if (parts.includes('restart')) rows.push(...(await withCluster((cluster) => runRestart(cluster, sizes, options))));
  if (parts.includes('rotation')) rows.push(...(await withCluster((cluster) => runRotation(cluster, sizes, options))));
  machine.push(`${formatLoad()} after ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
  const table = `${machine.join(', ')}\n\n${formatReport(rows)}\n`;
  process.stdout.write(`\n${table}`);
  const folder = join(import.meta.dirname, 'out');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `issue-${new Date().toISOString().replaceAll(':', '')}.txt`), table);
}

async function runIssue({ batches, turns }: Sizes, options: BenchOperatorOptions): Promise<Row[]> {
  const results: IssueResult[] = [];
  let sample: Sample | undefined;
  for (const [index, mode] of turns.entries()) {
    report(`issue, turn ${index + 1} of ${turns.length}: ${mode}`);
    const turn = await measureIssue(mode, batches, { ...options, sample });
    sample ??= turn.sample;
    results.push(...turn.results);
    for (const { count, seconds } of turn.results) report(`  ${count}: ${(count / seconds).toFixed(0)} a second`);
  }
  return batches.flatMap((count) => reportIssue(results, count));
}

async function runRestart(
  cluster: BenchCluster,
  { filled, restarts }: Sizes,
  options: BenchOperatorOptions,
): Promise<Row[]> {
  report(`memory: ${filled.connections} Connections beside ${filled.foreign} foreign Secrets`);
  const issued = await fillCluster(cluster, filled, { profiles: undefined });
  const lists: Took[] = [];
  const results: RestartResult[] = [];
  // The role and the group that everybody has by default are listed too.
  const objects = filled.connections * 2 + 2;
  for (let round = 1; round <= restarts; round++) {
    report(`restart ${round} of ${restarts}`);
    lists.push(await measureList(cluster, objects));
    results.push(await measureRestart(cluster, options));
  }
  return [...reportRestart(filled.connections, results, lists), ...reportMemory(filled, issued, results)];
}

async function runRotation(cluster: BenchCluster, { rotation }: Sizes, options: BenchOperatorOptions): Promise<Row[]> {
  report(`rotation: ${rotation.rotations} among ${rotation.connections} Connections`);
  return reportRotation(rotation.connections, await measureRotation(cluster, rotation, options));
}

async function withCluster(run: (cluster: BenchCluster) => Promise<Row[]>): Promise<Row[]> {
  const cluster = await startBenchCluster();
  try {
    return await run(cluster);
  } finally {
    await cluster.stop();
  }
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Of the last five minutes: what else ran on the machine makes absolute figures say little. */
function formatLoad(): string {
  return (loadavg()[1] ?? 0).toFixed(1);
}
