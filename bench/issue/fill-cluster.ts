import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchCluster, perNamespace } from './bench-cluster.ts';
import { buildForeignSecret, type Place, type Sample, secretsPath } from './build-objects.ts';
import { createConnection, issue, readSample, width } from './measure-issue.ts';
import { type ProcessUse, readProcess } from './read-process.ts';
import { runSideBySide } from './run-side-by-side.ts';
import { type BenchOperatorOptions, startBenchOperator } from './start-bench-operator.ts';

/** Until timers, events and the garbage collector of V8 have come to rest, in milliseconds. */
const rest = 10_000;

/** Has the operator issue `connections` beside `foreign` Secrets that are not its own; what it used is returned. */
export async function fillCluster(
  cluster: BenchCluster,
  size: { readonly connections: number; readonly foreign: number },
  options: BenchOperatorOptions,
): Promise<ProcessUse> {
  const operator = await startBenchOperator(cluster, options);
  try {
    await operator.line('synced');
    const create = (place: Place) => createConnection(cluster.session, place).then(() => {});
    await issue(cluster, 'w', 1, create);
    await createForeign(
      cluster,
      size.foreign,
      await readSample(cluster.session, { namespace: 'w-0', name: 'w-00000' }),
    );
    await issue(cluster, 'm', size.connections - 1, create);
    await sleep(rest);
    return readProcess(operator.pid);
  } finally {
    await operator.stop();
  }
}

async function createForeign(
  { session, createNamespaces }: BenchCluster,
  count: number,
  sample: Sample,
): Promise<void> {
  const namespaces = await createNamespaces('foreign', Math.ceil(count / (perNamespace * 10)));
  await runSideBySide(count, width, async (index) => {
    const namespace = namespaces[index % namespaces.length] ?? '';
    await session.call(
      'POST',
      secretsPath(namespace),
      buildForeignSecret(sample, { namespace, name: `other-${index}` }),
    );
  });
}
