/**
 * `npm start`: a cluster, the project on it, its examples, operator, gateway and dashboard running, a sample API behind
 * the gateway, and the connectors of the examples that call it. Ends with a table of the example connections and what to
 * try. Ctrl-C ends everything that was started.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { agree } from './start/agree.ts';
import { applyExamples, waitForExamples } from './start/example-connections.ts';
import { formatSummary } from './start/format-summary.ts';
import { readArguments, type StartArguments, usage } from './start/read-arguments.ts';
import { type SampleTraffic, startSampleTraffic } from './start/sample-traffic.ts';
import { createSignInAddress } from './start/sign-in-address.ts';
import { buildLog, type Programs, startPrograms } from './start/start-programs.ts';
import { startLocalCluster, type TargetCluster, useGivenCluster } from './start/target-cluster.ts';

const parent = process.ppid;
const report = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: StartArguments): Promise<number> {
  const cluster = await findCluster(args);
  if (cluster === undefined) return 1;
  const folder = mkdtempSync(join(tmpdir(), 'connection-operator-'));
  const programs = await startPrograms(cluster, folder);
  const traffic: SampleTraffic[] = [];
  try {
    const outcome = await Promise.race([
      waitForSignal().then(() => 'asked' as const),
      programs.ended,
      showExamples(cluster, programs, folder)
        .then((started) => traffic.push(started))
        .then(() => new Promise<never>(() => undefined)),
    ]);
    if (outcome === 'asked') return 0;
    const { name, lines } = outcome;
    process.stderr.write(`The ${name} ended by itself. It wrote last:\n${lines.slice(-20).join('\n')}\n`);
    return 1;
  } finally {
    await Promise.all(traffic.map((started) => started.stop()));
    await programs.stop();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints everything that there is to see, and returns the calls of the connectors, which go on. */
async function showExamples(cluster: TargetCluster, programs: Programs, logs: string): Promise<SampleTraffic> {
  const { kubectl, kubeconfig } = cluster;
  const { gateway, admin, api, dashboard } = programs;
  report('Applying examples');
  await applyExamples(kubectl);
  const connections = await waitForExamples(kubectl);
  await programs.whenReady();
  const traffic = startSampleTraffic({ kubectl, gateway, report: buildLog(logs, 'traffic') });
  const signIn = await createSignInAddress(dashboard, kubeconfig);
  const canAsk = process.stdin.isTTY === true;
  report(formatSummary({ ...cluster, connections, logs, gateway, admin, api, dashboard: signIn, canAsk }));
  if (canAsk) answerEnter(async () => report(await createSignInAddress(dashboard, kubeconfig)));
  return traffic;
}

/** Does this with each line on the terminal. */
function answerEnter(act: () => Promise<void>): void {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => void act().catch(() => report('The dashboard does not answer.')));
  // The process ends by a signal, not because nothing is typed any more.
  process.stdin.unref();
}

async function findCluster({ yes }: StartArguments): Promise<TargetCluster | undefined> {
  const kubeconfig = process.env.KUBECONFIG;
  if (kubeconfig === undefined || kubeconfig === '') return startLocalCluster(report);
  return useGivenCluster(kubeconfig, yes ? async () => true : agree, report);
}

/**
 * Settles with the first signal that asks for the end, or when npm has ended without passing one on. The second signal
 * ends this process at once.
 */
async function waitForSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  const look = setInterval(() => process.ppid !== parent && resolve(), 500);
  await promise;
  clearInterval(look);
  report('\nEnding');
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
