import { KubeConfig } from '@kubernetes/client-node';

/**
 * From here until the returned function is called, `KubeConfig.loadFromDefault` gives a cluster that does not exist. The
 * base library loads the default kubeconfig in its constructor: it would fail where there is none, and read one that
 * nobody asked for. Call both without waiting in between, so that nothing else sees it.
 */
export function forgetDefaultKubeConfig(): () => void {
  const load = KubeConfig.prototype.loadFromDefault;
  KubeConfig.prototype.loadFromDefault = function (this: KubeConfig): void {
    const cluster = { name: 'none', server: 'https://kubernetes.invalid', skipTLSVerify: false };
    this.loadFromClusterAndUser(cluster, { name: 'none' });
  };
  return () => {
    KubeConfig.prototype.loadFromDefault = load;
  };
}
