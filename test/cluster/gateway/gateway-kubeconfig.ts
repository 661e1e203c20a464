import { sharedCluster } from '../control-plane/shared-cluster.ts';

const [namespace, name] = ['connection-system', 'connection-gateway'];

/** Kubeconfig of the gateway's ServiceAccount on the shared cluster: exactly the rights that the manifests give it. */
export function findGatewayKubeconfig(): Promise<string> {
  return sharedCluster().kubeconfigForServiceAccount(namespace, name);
}
