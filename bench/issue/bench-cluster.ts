import { setTimeout as sleep } from 'node:timers/promises';
import { applyCrds, applyManifests } from '../../tools/apply-project.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { ApiSession } from './api-session.ts';

/** As many Connections as a namespace may have when nobody asks for more. */
export const perNamespace = 50;

/** A control plane of its own with the project's CRDs and manifests, so that every run begins with the same store. */
export interface BenchCluster {
  readonly controlPlane: ControlPlane;
  /** The administrator's. */
  readonly session: ApiSession;
  /** Kubeconfig of the operator's ServiceAccount: the operator runs with exactly its rights. */
  readonly operatorKubeconfig: string;
  /** Creates `<prefix>-0` and so on and waits until the controllers have done their part in them. */
  createNamespaces(prefix: string, count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts one, without an audit log: that would cost each write a line. */
export async function startBenchCluster(): Promise<BenchCluster> {
  const controlPlane = await startControlPlane({
    audit: false,
    prepare: (cluster) => applyCrds(cluster.kubectl),
  });
  try {
    await applyManifests(controlPlane.kubectl);
    const operatorKubeconfig = await controlPlane.kubeconfigForServiceAccount(
      'connection-system',
      'connection-operator',
    );
    const session = new ApiSession(controlPlane.kubeconfig);
    return {
      controlPlane,
      session,
      operatorKubeconfig,
      createNamespaces: (prefix, count) => createNamespaces(session, prefix, count),
      async stop() {
        session.close();
        await controlPlane.stop();
      },
    };
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
}

async function createNamespaces(session: ApiSession, prefix: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await session.call('POST', '/api/v1/namespaces', JSON.stringify(body));
  }
  for (const path of ['/api/v1/configmaps', '/api/v1/serviceaccounts']) await waitForEach(session, path, names);
  return names;
}

/** Each namespace gets a ConfigMap and a ServiceAccount; a run that began before would share the machine with that. */
async function waitForEach(session: ApiSession, path: string, namespaces: readonly string[]): Promise<void> {
  for (;;) {
    const { items } = await session.call<{ items: readonly { metadata: { namespace: string } }[] }>('GET', path);
    const done = new Set(items.map(({ metadata }) => metadata.namespace));
    if (namespaces.every((name) => done.has(name))) return;
    await sleep(500);
  }
}
