import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { applyCrds, applyManifests, type Kubectl, succeed } from '../apply-project.ts';
import { findKubectl } from '../control-plane/find-binaries.ts';
import { runCommand } from '../control-plane/run-command.ts';
import { startControlPlane } from '../control-plane/start-control-plane.ts';

/** The cluster that `npm start` works on, with CRDs and manifests applied. */
export interface TargetCluster {
  readonly kubectl: Kubectl;
  /** Value of `KUBECONFIG` for whoever tries things. */
  readonly kubeconfig: string;
  /** Value of `KUBECONFIG` for the operator. */
  readonly operatorKubeconfig: string;
  /** Value of `KUBECONFIG` for the gateway. */
  readonly gatewayKubeconfig: string;
  /** Folder that a terminal needs on its PATH to have a kubectl; absent when it has one. */
  readonly kubectlFolder?: string;
  /** Whether it is there only for this run; else what was applied stays in it. */
  readonly temporary: boolean;
  /** Ends what was started for it. */
  stop(): Promise<void>;
}

/** Starts a control plane of its own, where the programs have exactly the rights that the manifests give them. */
export async function startLocalCluster(report: (line: string) => void): Promise<TargetCluster> {
  const started = Date.now();
  report('Starting a local control plane: etcd, kube-apiserver, kube-controller-manager');
  const local = await startControlPlane({ audit: false, report, prepare: (cluster) => applyCrds(cluster.kubectl) });
  report(`Ready after ${((Date.now() - started) / 1000).toFixed(1)} s. Applying manifests`);
  await applyManifests(local.kubectl);
  return {
    kubectl: local.kubectl,
    kubeconfig: local.kubeconfig,
    operatorKubeconfig: await local.kubeconfigForServiceAccount('connection-system', 'connection-operator'),
    gatewayKubeconfig: await local.kubeconfigForServiceAccount('connection-system', 'connection-gateway'),
    ...(hasKubectl() ? {} : { kubectlFolder: dirname(local.description.kubectl) }),
    temporary: true,
    stop: () => local.stop(),
  };
}

/** What is written about a cluster before anything is changed in it. */
export interface ClusterName {
  readonly context: string;
  readonly server: string;
}

/** Uses the cluster of `KUBECONFIG`; nothing is changed in it before `agree` says yes. `undefined` after a no. */
export async function useGivenCluster(
  kubeconfig: string,
  agree: (cluster: ClusterName) => Promise<boolean>,
  report: (line: string) => void,
): Promise<TargetCluster | undefined> {
  const installed = hasKubectl();
  const file = installed ? 'kubectl' : await findKubectl(report);
  const kubectl: Kubectl = (args, options) => runCommand(file, args, { ...options, env: { KUBECONFIG: kubeconfig } });
  if (!(await agree(await readClusterName(kubectl)))) return undefined;
  report('Applying CRDs and manifests');
  await applyCrds(kubectl);
  await applyManifests(kubectl);
  return {
    kubectl,
    kubeconfig,
    operatorKubeconfig: kubeconfig,
    gatewayKubeconfig: kubeconfig,
    ...(installed ? {} : { kubectlFolder: dirname(file) }),
    temporary: false,
    stop: async () => undefined,
  };
}

async function readClusterName(kubectl: Kubectl): Promise<ClusterName> {
  const view = JSON.parse(await succeed(kubectl, ['config', 'view', '--minify', '-o', 'json']));
  return { context: view['current-context'], server: view.clusters[0].cluster.server };
}

function hasKubectl(): boolean {
  return spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
}
