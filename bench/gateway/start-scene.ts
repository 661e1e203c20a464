import type { Connection } from '../../src/api/generated/connection.ts';
import type { Secret } from '../../src/api/secret.ts';
import { buildGatewayKeys, type CompleteKeys, isComplete } from '../../src/gateway/keys/gateway-keys.ts';
import { type RunningGateway, startGatewayProgram } from '../../tools/gateway-program.ts';
import { type BenchCluster, startBenchCluster } from '../issue/bench-cluster.ts';
import { connectionsPath, type Place, secretsPath } from '../issue/build-objects.ts';
import { issue, readSample } from '../issue/measure-issue.ts';
import { startBenchOperator } from '../issue/start-bench-operator.ts';
import { type BenchServer, startServer } from './start-child.ts';

/** The texts of a connection's Secret, by key. */
export type Texts = Readonly<Record<string, string>>;

/** A gateway on a control plane of its own, a PIM behind it, and what it is compared with. */
export interface GatewayScene {
  readonly cluster: BenchCluster;
  readonly gateway: RunningGateway;
  readonly pim: BenchServer;
  readonly bare: BenchServer;
  /** The plain proxy in front of the same PIM. */
  readonly proxy: BenchServer;
  /** A connection with generated values, and one with adopted ones. Both have role `user` and group `all`. */
  readonly generated: Texts;
  readonly adopted: Texts;
  /** What the key Secret holds. */
  readonly keys: CompleteKeys;
  /** The generated one as the API server has it. */
  readonly connection: Connection;
  stop(): Promise<void>;
}

const namespace = 'bench-0';
/** What somebody clicked together years ago: short, and not ours. */
const old = { 'client-id': '1_bench', 'client-secret': 'old-secret', username: 'bench_old', password: 'a1b2c3d4e' };

/** The operator issues two connections and is stopped: nothing else needs it. */
export async function startScene(): Promise<GatewayScene> {
  const cluster = await startBenchCluster();
  const ends: (() => Promise<unknown>)[] = [() => cluster.stop()];
  const stop = async (): Promise<void> => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const connection = await issueBoth(cluster);
    const [bare, pim] = [await startServer('bare'), await startServer('pim')];
    const proxy = await startServer('proxy', `http://127.0.0.1:${pim.port}`);
    ends.push(bare.stop, pim.stop, proxy.stop);
    const kubeconfig = await cluster.controlPlane.kubeconfigForServiceAccount(
      'connection-system',
      'connection-gateway',
    );
    const upstream = `http://127.0.0.1:${pim.port}`;
    const gateway = await startGatewayProgram({ kubeconfig, namespaces: [], upstream, logLevel: 'info' });
    ends.push(() => gateway.stop());
    await gateway.ready();
    const [generated, adopted] = [await readTexts(cluster, 'generated'), await readTexts(cluster, 'adopted')];
    const keys = await readKeys(cluster);
    return { cluster, gateway, pim, bare, proxy, generated, adopted, keys, connection, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function issueBoth(cluster: BenchCluster): Promise<Connection> {
  const { session } = cluster;
  const operator = await startBenchOperator(cluster, { profiles: undefined });
  try {
    await operator.line('synced');
    const names = ['generated', 'adopted'];
    await issue(cluster, 'bench', names.length, async ({ name }: Place) => {
      const own = names[Number(name.slice(-1))] ?? '';
      if (own === 'adopted') await session.call('POST', secretsPath(namespace), buildOldSecret());
      const spec = { label: own, flowType: 'Source' };
      const body = {
        apiVersion: 'connect.pim.dev/v1beta1',
        kind: 'Connection',
        metadata: { namespace, name: own },
        spec,
      };
      await session.call('POST', connectionsPath(namespace), JSON.stringify(body));
    });
    return (await readSample(session, { namespace, name: 'generated' })).connection;
  } finally {
    await operator.stop();
  }
}

function buildOldSecret(): string {
  const metadata = {
    namespace,
    name: 'adopted-credentials',
    annotations: { 'connect.pim.dev/adopt': 'adopted' },
  };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: old });
}

async function readKeys({ session }: BenchCluster): Promise<CompleteKeys> {
  const secret = '/api/v1/namespaces/connection-system/secrets/connection-keys';
  const keys = buildGatewayKeys((await session.call<Secret>('GET', secret)).data);
  if (!isComplete(keys)) throw new Error('the key Secret is not complete');
  return keys;
}

async function readTexts({ session }: BenchCluster, name: string): Promise<Texts> {
  const { data = {} } = await session.call<Secret>('GET', `${secretsPath(namespace)}/${name}-credentials`);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}
