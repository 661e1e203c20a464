import type { TestProject } from 'vitest/node';
import { applyCrds, applyManifests } from '../../../tools/apply-project.ts';
import { buildPage } from '../../../tools/build-page.ts';
import type { ClusterDescription } from '../../../tools/control-plane/open-cluster.ts';
import { startControlPlane } from '../../../tools/control-plane/start-control-plane.ts';
import { startDashboardProgram } from '../../../tools/dashboard-program.ts';
import { startGatewayProgram } from '../../../tools/gateway-program.ts';
import { reservePort } from '../../../tools/reserve-port.ts';
import { startSampleApi } from '../../../tools/sample-api/start-sample-api.ts';
import { startProgram } from '../../../tools/start-program.ts';
import { startChromium } from './start-chromium.ts';
import { trustedImageHost } from './trusted-image-host.ts';

/** Where everything is. Plain data. */
export interface StageDescription {
  /** Address of the page. */
  readonly dashboard: string;
  /** Where connectors call. */
  readonly gateway: string;
  /** Admin port of the gateway. */
  readonly admin: string;
  /** Where Playwright finds the browser. */
  readonly browser: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    stage: StageDescription;
    sharedCluster: ClusterDescription;
  }
}

/**
 * Runs once, before the first file of test/browser: a control plane with CRDs and manifests, operator, gateway and
 * dashboard on all of it, a sample API behind the gateway, and one Chromium. Every program has the rights of the
 * manifests; the dashboard, which has none, knows the address of the cluster.
 */
export default async function startStage(project: TestProject): Promise<() => Promise<void>> {
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    project.provide('stage', await startAll(project, ends));
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `ends` gets what ends each part, in the order of their start. */
async function startAll(project: TestProject, ends: (() => Promise<unknown>)[]): Promise<StageDescription> {
  await buildPage();
  const chromium = await startChromium();
  ends.push(() => chromium.close());
  const api = await startSampleApi();
  ends.push(() => api.stop());
  const cluster = await startControlPlane({ audit: false, prepare: ({ kubectl }) => applyCrds(kubectl) });
  ends.push(() => cluster.stop());
  await applyManifests(cluster.kubectl);
  project.provide('sharedCluster', cluster.description);

  const access = (name: string): Promise<string> => cluster.kubeconfigForServiceAccount('connection-system', name);
  const operator = startProgram({
    file: 'src/bin/operator.ts',
    args: ['--admin', `127.0.0.1:${await reservePort()}`, '--connection-limit', '0'],
    env: { KUBECONFIG: await access('connection-operator') },
  });
  ends.push(() => operator.stop());
  const gateway = await startGatewayProgram({
    namespaces: [],
    upstream: api.origin,
    kubeconfig: await access('connection-gateway'),
    flush: '1s',
  });
  ends.push(() => gateway.stop());
  // The administrator's kubeconfig: whatever the dashboard took from it but the address would show.
  const { kubeconfig } = cluster;
  const args = ['--image-hosts', trustedImageHost];
  const dashboard = await startDashboardProgram({ kubeconfig, gateways: [gateway.admin], args });
  ends.push(() => dashboard.stop());
  await Promise.all([gateway.ready(), dashboard.ready()]);
  return {
    dashboard: dashboard.origin,
    gateway: gateway.origin,
    admin: gateway.admin,
    browser: chromium.wsEndpoint(),
  };
}
