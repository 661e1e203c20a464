import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../src/api/generated/connection.ts';
import { connectionsPath } from '../issue/build-objects.ts';
import { width } from '../issue/measure-issue.ts';
import { type ProcessUse, readProcess } from '../issue/read-process.ts';
import { runSideBySide } from '../issue/run-side-by-side.ts';
import { buildRequest, logIn } from './client.ts';
import { startLoad } from './start-child.ts';
import type { GatewayScene } from './start-scene.ts';

const perNamespace = 500;

export interface MemoryResult {
  readonly count: number;
  /** With all Connections known. */
  readonly objects: ProcessUse;
  /** With as many clients connected beside, each of which calls now and then. */
  readonly clients: ProcessUse;
}

/** Fills the cluster with issued Connections while the gateway watches, and then connects as many clients. */
export async function measureMemory(scene: GatewayScene, count: number): Promise<MemoryResult> {
  const { cluster, gateway, connection, generated } = scene;
  const namespaces = await cluster.createNamespaces('full', Math.ceil(count / perNamespace));
  await runSideBySide(count, width, async (index) => {
    await createIssued(scene, connection, namespaces[index % namespaces.length] ?? '', `full-${index}`);
  });
  await waitUntilKnown(gateway.admin, count);
  // Until V8 has come to rest.
  await sleep(10_000);
  const objects = readProcess(gateway.pid);
  const { access } = await logIn(gateway.origin, generated);
  const requests = [buildRequest('GET', '/authz/api/rest/v1/products', { authorization: `Bearer ${access}` })];
  const load = { port: gateway.port, connections: count, warmUp: 5, seconds: 10, requests, every: 20_000 };
  const running = startLoad(load);
  await sleep(12_000);
  const clients = readProcess(gateway.pid);
  await running.result;
  return { count, objects, clients };
}

/** A Connection with a status of the size that the operator writes, its names its own. */
async function createIssued(
  { cluster: { session } }: GatewayScene,
  { apiVersion, status }: Connection,
  namespace: string,
  name: string,
): Promise<void> {
  const spec = { label: `Connection ${name}`, flowType: 'Source', tracked: true };
  const path = connectionsPath(namespace);
  const body = { apiVersion, kind: 'Connection', metadata: { namespace, name }, spec };
  const { metadata } = await session.call<Connection>('POST', path, JSON.stringify(body));
  const code = name.replaceAll('-', '_');
  const issued = {
    ...status,
    code,
    clientId: `${code}_${'0123456789abcdefghijklmn'}`,
    username: `${code}_0001`,
    credentials: { ...status?.credentials, uid: metadata.uid },
  };
  const { uid, resourceVersion } = metadata;
  await session.call(
    'PUT',
    `${path}/${name}/status`,
    JSON.stringify({
      apiVersion,
      kind: 'Connection',
      metadata: { namespace, name, uid, resourceVersion },
      status: issued,
    }),
  );
}

async function waitUntilKnown(admin: string, count: number): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    const known = Number(/^connection_gateway_connections (\d+)$/m.exec(metrics)?.[1]);
    if (known >= count) return;
    await sleep(200);
  }
}
