import type { ClusterAccess } from './cluster-access.ts';
import { KubeError } from './kube-error.ts';
import type { ClusterAddress } from './read-cluster-address.ts';

/**
 * Access as whoever a bearer token belongs to, and as nobody else. `readToken` is asked before each request; without a
 * token (`undefined`) the request is not sent and fails as one that the API server refused.
 */
export function buildTokenAccess(address: ClusterAddress, readToken: () => string | undefined): ClusterAccess {
  return {
    server: address.server,
    proxy: address.proxy,
    namespace: undefined,
    async readCredentials() {
      const tls = await address.readTrust();
      const token = readToken();
      if (!token) throw new KubeError({ code: 'Unauthorized', status: 401, sentence: 'there is no token' });
      return { headers: { authorization: `Bearer ${token}` }, tls };
    },
    forgetCredentials() {},
  };
}
