import type { Connection } from '../../src/api/generated/connection.ts';
import type { Secret } from '../../src/api/secret.ts';
import { ApiSession } from './api-session.ts';
import { type BenchCluster, perNamespace, startBenchCluster } from './bench-cluster.ts';
import {
  buildConnection,
  buildSecret,
  buildStatus,
  connectionsPath,
  type Place,
  placeOf,
  type Sample,
  secretsPath,
} from './build-objects.ts';
import { countBetween, countWrites, type RequestCounts } from './count-requests.ts';
import { readProcess } from './read-process.ts';
import { runSideBySide } from './run-side-by-side.ts';
import { type BenchOperatorOptions, startBenchOperator } from './start-bench-operator.ts';
import { watchIssued } from './watch-issued.ts';

/** Calls under way at once, in both ways. */
export const width = 64;
/** Connections before the first measured one, so that neither server nor client is measured while it warms up. */
const warmUp = 200;

/** How one batch went. */
export interface Batch {
  readonly seconds: number;
  /** Every write in that time, the creation of the Connections, events and Leases left out. */
  readonly writes: RequestCounts;
  readonly processor: ProcessorTime;
}

export interface IssueResult extends Batch {
  readonly mode: 'bare' | 'operator';
  readonly count: number;
}

/** Seconds of processor time: what else runs on the machine changes it little. */
export interface ProcessorTime {
  /** Control plane, bench and operator together. */
  readonly all: number;
  /** 0 without one. */
  readonly operator: number;
}

/** Batches in one mode on a fresh control plane. Returns what the operator made, for the bare ones to copy. */
export async function measureIssue(
  mode: 'bare' | 'operator',
  counts: readonly number[],
  options: BenchOperatorOptions & { readonly sample: Sample | undefined },
): Promise<{ readonly results: readonly IssueResult[]; readonly sample: Sample }> {
  const cluster = await startBenchCluster();
  try {
    return mode === 'operator' ? await runOperator(cluster, counts, options) : await runBare(cluster, counts, options);
  } finally {
    await cluster.stop();
  }
}

async function runOperator(
  cluster: BenchCluster,
  counts: readonly number[],
  options: BenchOperatorOptions,
): Promise<{ results: IssueResult[]; sample: Sample }> {
  const operator = await startBenchOperator(cluster, options);
  try {
    await operator.line('synced');
    const create = (place: Place) => createConnection(cluster.session, place).then(() => {});
    await issue(cluster, 'w', warmUp, create);
    const results: IssueResult[] = [];
    for (const [index, count] of counts.entries()) {
      results.push({ mode: 'operator', count, ...(await issue(cluster, `b${index}`, count, create, operator.pid)) });
    }
    await checkReady(cluster.session, warmUp + counts.reduce((sum, count) => sum + count, 0));
    return { results, sample: await readSample(cluster.session, { namespace: 'w-0', name: 'w-00000' }) };
  } finally {
    await operator.stop();
  }
}

async function runBare(
  cluster: BenchCluster,
  counts: readonly number[],
  { sample }: { readonly sample: Sample | undefined },
): Promise<{ results: IssueResult[]; sample: Sample }> {
  if (sample === undefined) throw new Error('bare writes need something to copy');
  const { session } = cluster;
  const create = async (place: Place): Promise<void> => {
    const { metadata } = await createConnection(session, place);
    await session.call('POST', secretsPath(place.namespace), buildSecret(sample, place, metadata.uid));
    const path = `${connectionsPath(place.namespace)}/${place.name}/status`;
    await session.call('PUT', path, buildStatus(sample, place, metadata));
  };
  await issue(cluster, 'w', warmUp, create);
  const results: IssueResult[] = [];
  for (const [index, count] of counts.entries()) {
    results.push({ mode: 'bare', count, ...(await issue(cluster, `b${index}`, count, create)) });
  }
  return { results, sample };
}

/** One batch: from the first request until a watch has shown the last Connection issued. */
export async function issue(
  cluster: BenchCluster,
  batch: string,
  count: number,
  create: (place: Place) => Promise<void>,
  operator?: number,
): Promise<Batch> {
  const namespaces = await cluster.createNamespaces(batch, Math.ceil(count / perNamespace));
  const watching = new ApiSession(cluster.controlPlane.kubeconfig);
  const watch = await watchIssued(watching, batch, count);
  const before = await countWrites(cluster.session);
  const readProcessor = startProcessorTime(cluster, operator);
  const began = performance.now();
  await runSideBySide(count, width, (index) => create(placeOf(batch, namespaces, index)));
  await watch.done;
  const seconds = (performance.now() - began) / 1000;
  const processor = readProcessor();
  const writes = countBetween(before, await countWrites(cluster.session));
  watch.close();
  watching.close();
  return { seconds, processor, writes: new Map([...writes].filter(([key]) => key !== 'POST connections 201')) };
}

/** Returns how to read what was used since. */
function startProcessorTime({ controlPlane }: BenchCluster, operator: number | undefined): () => ProcessorTime {
  const { guardian: _, ...pids } = controlPlane.pids();
  const others = [process.pid, ...Object.values(pids)].filter((pid) => pid !== undefined);
  const read = (processes: readonly number[]): number =>
    processes.reduce((sum, pid) => sum + readProcess(pid).processor, 0);
  const own = operator === undefined ? [] : [operator];
  const before = { all: read([...others, ...own]), operator: read(own) };
  return () => ({ all: read([...others, ...own]) - before.all, operator: read(own) - before.operator });
}

export function createConnection(session: ApiSession, place: Place): Promise<Connection> {
  return session.call<Connection>('POST', connectionsPath(place.namespace), buildConnection(place));
}

export async function readSample(session: ApiSession, { namespace, name }: Place): Promise<Sample> {
  return {
    connection: await session.call<Connection>('GET', `${connectionsPath(namespace)}/${name}`),
    secret: await session.call<Secret>('GET', `${secretsPath(namespace)}/${name}-credentials`),
  };
}

/** The watch looks at the client id alone: afterwards every condition is looked at. */
async function checkReady(session: ApiSession, count: number): Promise<void> {
  const { items } = await session.call<{ items: readonly Connection[] }>(
    'GET',
    '/apis/connect.pim.dev/v1beta1/connections',
  );
  const ready = items.filter(({ status }) =>
    status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
  );
  if (ready.length !== count) throw new Error(`${ready.length} of ${count} Connections are Ready`);
}
