import { applyCrds, applyManifests } from '../../../tools/apply-project.ts';
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from '../../../tools/control-plane/start-control-plane.ts';

export interface OwnCluster {
  readonly cluster: ControlPlane;
  /** Kubeconfig with exactly the operator's rights. */
  readonly kubeconfig: string;
}

/** A control plane of the test's own with CRDs and manifests, for whoever stops the API server or watches everything. */
export async function startOwnCluster(options: ControlPlaneOptions = {}): Promise<OwnCluster> {
  const cluster = await startControlPlane({ prepare: ({ kubectl }) => applyCrds(kubectl), ...options });
  await applyManifests(cluster.kubectl);
  const kubeconfig = await cluster.kubeconfigForServiceAccount('connection-system', 'connection-operator');
  return { cluster, kubeconfig };
}
