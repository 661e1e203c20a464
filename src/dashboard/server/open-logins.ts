import { buildTokenAccess } from '../../kube/build-token-access.ts';
import { buildKubeClient } from '../../kube/kube-client.ts';
import type { ClusterAccess } from '../../kube/read-cluster-access.ts';
import type { ClusterAddress } from '../../kube/read-cluster-address.ts';
import type { KubeconfigLogin, ViewerLogin } from './sessions/cluster-login.ts';

/** Owner of the fields that are written through the page. Not `kubectl…`, whose writes Flux takes back. */
const identity = { fieldManager: 'connection-dashboard', userAgent: 'connection-dashboard' };

/** Everybody with their own token, at the cluster of this address. */
export function buildViewerLogin(address: ClusterAddress): ViewerLogin {
  return {
    mode: 'viewer',
    open: (holder) => buildKubeClient({ ...identity, access: buildTokenAccess(address, () => holder.current) }),
  };
}

/** One viewer, with the credentials of a kubeconfig. Close `client` afterwards. */
export function buildKubeconfigLogin(access: ClusterAccess): KubeconfigLogin {
  return {
    mode: 'kubeconfig',
    client: buildKubeClient({ ...identity, access }),
    namespace: access.namespace,
    async readToken() {
      const { authorization = '' } = (await access.readCredentials()).headers;
      return /^Bearer (.+)$/.exec(authorization)?.[1];
    },
  };
}
