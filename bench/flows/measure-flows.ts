import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Connection } from '../../src/api/generated/connection.ts';
import { apiVersion } from '../../src/api/names.ts';
import { permissions } from '../../src/api/permissions.ts';
import { type RunningGateway, startGatewayProgram } from '../../tools/gateway-program.ts';
import type { BenchCluster } from '../issue/bench-cluster.ts';
import { connectionsPath } from '../issue/build-objects.ts';
import { readSample } from '../issue/measure-issue.ts';
import { readProcess } from '../issue/read-process.ts';
import { runSideBySide } from '../issue/run-side-by-side.ts';
import { startBenchOperator } from '../issue/start-bench-operator.ts';
import { startBenchUpstream } from './start-bench-upstream.ts';

const products = '/api/rest/v1/products';
const collection = 'application/vnd.akeneo.collection+json';
const body = Array.from({ length: 100 }, (_, index) => JSON.stringify({ identifier: `product-${index}` })).join('\n');

/** What is called, by which flow type, and how often in one block. */
const kinds = [
  { name: 'list of 100 products', flowType: 'Destination', method: 'GET', path: `${products}?limit=100`, block: 200 },
  { name: 'collection of 100 lines', flowType: 'Source', method: 'PATCH', path: products, block: 500, lines: true },
  { name: 'change of one product', flowType: 'Source', method: 'PATCH', path: `${products}/a`, block: 1_000 },
] as const;
type Kind = (typeof kinds)[number];

/** Calls side by side. */
const width = 8;

/** One block of calls with counting and one without, next to each other in time. */
export interface FlowPair {
  readonly counted: Block;
  readonly uncounted: Block;
}

/** For one call, in microseconds. */
export interface Block {
  /** Processor time of the gateway. */
  readonly processor: number;
  readonly wall: number;
}

export interface FlowResult {
  readonly name: string;
  readonly calls: number;
  readonly pairs: readonly FlowPair[];
}

/**
 * Calls one gateway as two Connections by turns that differ in `tracked` alone. Which one goes first changes, so that
 * what the machine does meanwhile falls on both.
 */
export async function measureFlows(cluster: BenchCluster, rounds: number): Promise<readonly FlowResult[]> {
  const upstream = await startBenchUpstream();
  const operator = await startBenchOperator(cluster, { profiles: undefined });
  const { controlPlane } = cluster;
  const kubeconfig = await controlPlane.kubeconfigForServiceAccount('connection-system', 'connection-gateway');
  let gateway: RunningGateway | undefined;
  try {
    await operator.line('synced');
    const connections = await issueConnections(cluster);
    const started = await startGatewayProgram({
      kubeconfig,
      namespaces: [],
      upstream: upstream.origin,
      logLevel: 'warn',
    });
    gateway = await started.ready();
    const tokens = new Map<string, string>();
    for (const name of connections) tokens.set(name, await openSession(cluster, gateway, name));
    await operator.stop();
    const results: FlowResult[] = [];
    for (const kind of kinds) {
      process.stderr.write(`${rounds} pairs of ${kind.block} calls: ${kind.name}\n`);
      results.push(await measureKind(gateway, kind, tokens, rounds));
    }
    return results;
  } finally {
    await gateway?.stop();
    await operator.stop();
    await upstream.stop();
  }
}

const nameOf = (flowType: string, tracked: boolean): string =>
  `${flowType.toLowerCase()}-${tracked ? 'tracked' : 'untracked'}`;
const namespace = 'flows-0';

async function issueConnections({ session, createNamespaces }: BenchCluster): Promise<readonly string[]> {
  await createNamespaces('flows', 1);
  const role = { apiVersion, kind: 'ConnectionRole', metadata: { name: 'bench' }, spec: { permissions } };
  await session.call('POST', `/apis/${apiVersion}/connectionroles`, JSON.stringify(role));
  const names: string[] = [];
  for (const flowType of ['Source', 'Destination']) {
    for (const tracked of [true, false]) {
      const name = nameOf(flowType, tracked);
      names.push(name);
      const spec = { label: name, flowType, tracked, roleRef: { name: 'bench' } };
      const made = JSON.stringify({ apiVersion, kind: 'Connection', metadata: { namespace, name }, spec });
      await session.call('POST', connectionsPath(namespace), made);
    }
  }
  for (const name of names) {
    for (;;) {
      const { status } = await session.call<Connection>('GET', `${connectionsPath(namespace)}/${name}`);
      if (status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True')) break;
      await sleep(100);
    }
  }
  return names;
}

async function openSession({ session }: BenchCluster, { origin }: RunningGateway, name: string): Promise<string> {
  const { data = {} } = (await readSample(session, { namespace, name })).secret;
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  const client = Buffer.from(`${text('client-id')}:${text('client-secret')}`).toString('base64');
  const login = { grant_type: 'password', username: text('username'), password: text('password') };
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${origin}/api/oauth/v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${client}` },
      body: new URLSearchParams(login),
    });
    const granted = (await answer.json()) as { access_token?: string };
    if (granted.access_token !== undefined) return granted.access_token;
    if (tries === 50) throw new Error(`a login was answered with ${answer.status}`);
    await sleep(200);
  }
}

async function measureKind(
  gateway: RunningGateway,
  kind: Kind,
  tokens: ReadonlyMap<string, string>,
  rounds: number,
): Promise<FlowResult> {
  const pool = new Pool(gateway.origin, { connections: width });
  const measure = (tracked: boolean): Promise<Block> =>
    measureBlock(gateway, pool, kind, tokens.get(nameOf(kind.flowType, tracked)) ?? '');
  try {
    // What is compiled while it runs is compiled by now.
    for (const tracked of [true, false, true]) await measure(tracked);
    const pairs: FlowPair[] = [];
    for (let round = 0; round < rounds; round++) {
      const first = await measure(round % 2 === 0);
      const second = await measure(round % 2 !== 0);
      pairs.push(round % 2 === 0 ? { counted: first, uncounted: second } : { counted: second, uncounted: first });
    }
    return { name: kind.name, calls: kind.block, pairs };
  } finally {
    await pool.close();
  }
}

async function measureBlock(gateway: RunningGateway, pool: Pool, kind: Kind, token: string): Promise<Block> {
  const { method, path, block } = kind;
  const isCollection = 'lines' in kind;
  const headers = {
    authorization: `Bearer ${token}`,
    ...(method === 'PATCH' && { 'content-type': isCollection ? collection : 'application/json' }),
  };
  const before = readProcess(gateway.pid).processor;
  const began = performance.now();
  await runSideBySide(block, width, async () => {
    const sent = method === 'GET' ? null : isCollection ? body : '{"enabled":true}';
    const answer = await pool.request({ method, path, headers, body: sent });
    await answer.body.dump({ limit: 100_000_000 });
    if (answer.statusCode >= 300) throw new Error(`a call was answered with ${answer.statusCode}`);
  });
  return {
    processor: ((readProcess(gateway.pid).processor - before) * 1e6) / block,
    wall: ((performance.now() - began) * 1e3) / block,
  };
}
