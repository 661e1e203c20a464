import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from '../../tools/start-program.ts';
import type { BenchCluster } from './bench-cluster.ts';
import { countBetween, countWrites, type RequestCounts } from './count-requests.ts';
import type { ListedPages } from './list-pages.ts';
import { type ProcessUse, readProcess } from './read-process.ts';
import { type BenchOperatorOptions, startBenchOperator } from './start-bench-operator.ts';

/** After the operator has settled, writes are still counted for this long (milliseconds). */
const countedAfter = 3_000;

/** Seconds since the process was started, and since just before its first request. */
export interface Took {
  readonly fromStart: number;
  readonly fromFirstRequest: number;
}

export interface RestartResult {
  /** Until every Connection was looked at once and nothing is due. */
  readonly settled: Took;
  /** Of which: until everything was listed and watched. */
  readonly synced: Took;
  readonly writes: RequestCounts;
  readonly use: ProcessUse;
}

/** Starts the operator on what is there, waits until it has settled, and ends it in order. */
export async function measureRestart(cluster: BenchCluster, options: BenchOperatorOptions): Promise<RestartResult> {
  const before = await countWrites(cluster.session);
  const operator = await startBenchOperator(cluster, options);
  try {
    const settled = await operator.line('settled');
    const firstRequest = await operator.line('started');
    const synced = await operator.line('synced');
    await sleep(countedAfter);
    const writes = countBetween(before, await countWrites(cluster.session));
    const since = (moment: number): Took => ({
      fromStart: (moment - operator.startedAt) / 1000,
      fromFirstRequest: (moment - firstRequest) / 1000,
    });
    return { settled: since(settled), synced: since(synced), writes, use: readProcess(operator.pid) };
  } finally {
    await operator.stop();
  }
}

/** The same list, bare, in a process of its own; fails when it has not seen `objects`. */
export async function measureList(cluster: BenchCluster, objects: number): Promise<Took> {
  const startedAt = Date.now();
  const program = startProgram({ file: 'bench/issue/list-pages.ts', args: [cluster.operatorKubeconfig] });
  await program.exited;
  const listed = JSON.parse(program.lines.at(-1) ?? 'null') as ListedPages | null;
  if (listed?.objects !== objects) throw new Error(`the bare list saw ${listed?.objects} of ${objects} objects`);
  return { fromStart: (listed.ended - startedAt) / 1000, fromFirstRequest: (listed.ended - listed.began) / 1000 };
}
