import type { TestProject } from 'vitest/node';
import { applyCrds, applyManifests } from '../../../tools/apply-project.ts';
import type { ClusterDescription } from '../../../tools/control-plane/open-cluster.ts';
import { startControlPlane } from '../../../tools/control-plane/start-control-plane.ts';

declare module 'vitest' {
  interface ProvidedContext {
    sharedCluster: ClusterDescription;
  }
}

/** Runs once, before the first file of test/cluster: one control plane for all of them, with CRDs and manifests. */
export default async function startSharedCluster(project: TestProject): Promise<() => Promise<void>> {
  const controlPlane = await startControlPlane({ prepare: (cluster) => applyCrds(cluster.kubectl) });
  await applyManifests(controlPlane.kubectl);
  project.provide('sharedCluster', controlPlane.description);
  return () => controlPlane.stop();
}
