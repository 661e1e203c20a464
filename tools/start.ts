/**
 * `npm start`: a cluster, the project on it, its examples, and the operator running. Ends with a table of the example
 * connections and what to try. Ctrl-C ends everything that was started.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from './control-plane/find-free-port.ts';
import { agree } from './start/agree.ts';
import { applyExamples, waitForExamples } from './start/example-connections.ts';
import { formatSummary } from './start/format-summary.ts';
import { readArguments, type StartArguments, usage } from './start/read-arguments.ts';
import { startLocalCluster, type TargetCluster, useGivenCluster } from './start/target-cluster.ts';
import { type RunningProgram, startProgram } from './start-program.ts';

/** Milliseconds that a program has to finish its work after SIGTERM. */
const patience = 15_000;

const report = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: StartArguments): Promise<number> {
  const cluster = await findCluster(args);
  if (cluster === undefined) return 1;
  const folder = mkdtempSync(join(tmpdir(), 'connection-operator-'));
  const log = join(folder, 'operator.log');
  const operator = await startOperator(cluster, log);
  try {
    const outcome = await Promise.race([
      waitForSignal().then(() => 'asked'),
      operator.exited.then(() => 'ended'),
      showExamples(cluster, log).then(() => new Promise<never>(() => undefined)),
    ]);
    if (outcome === 'asked') return 0;
    process.stderr.write(`The operator ended by itself. It wrote last:\n${operator.lines.slice(-20).join('\n')}\n`);
    return 1;
  } finally {
    await endProgram(operator);
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function showExamples(cluster: TargetCluster, log: string): Promise<void> {
  report('Applying examples');
  await applyExamples(cluster.kubectl);
  report(formatSummary({ ...cluster, connections: await waitForExamples(cluster.kubectl), log }));
}

async function findCluster({ yes }: StartArguments): Promise<TargetCluster | undefined> {
  const kubeconfig = process.env.KUBECONFIG;
  if (kubeconfig === undefined || kubeconfig === '') return startLocalCluster(report);
  return useGivenCluster(kubeconfig, yes ? async () => true : agree, report);
}

async function startOperator(cluster: TargetCluster, log: string): Promise<RunningProgram> {
  const file = createWriteStream(log);
  return startProgram({
    file: 'src/bin/operator.ts',
    args: ['--admin', `127.0.0.1:${await findFreePort()}`],
    env: { KUBECONFIG: cluster.operatorKubeconfig },
    onLine: (line) => void file.write(`${line}\n`),
  });
}

/** Settles with the first signal that asks for the end. The second one ends this process at once. */
async function waitForSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  await promise;
  report('\nEnding');
}

async function endProgram(program: RunningProgram): Promise<void> {
  const ended = program.stop('SIGTERM').then(() => true);
  if (await Promise.race([ended, sleep(patience, false, { ref: false })])) return;
  await program.stop('SIGKILL');
}

try {
  const args = readArguments(process.argv.slice(2));
  if (args.help) process.stdout.write(usage);
  else process.exitCode = await main(args);
} catch (error) {
  const wrongUse = error instanceof TypeError && 'code' in error;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (wrongUse) process.stderr.write(usage);
  process.exitCode = wrongUse ? 2 : 1;
}
