import { resourcesPath } from '../../kube/resource-paths.ts';
import { UsageError } from '../../process/read-flags.ts';
import type { OpenCluster } from '../open-cluster.ts';
import type { CommandLine } from '../read-command-line.ts';

/** The viewer's own bearer token, or why there is none. */
export type ViewerToken = { readonly token: string } | { readonly missing: string };

/** Seconds that a token lives which was asked for. The API server gives none for less than 10 minutes. */
const lifetime = 600;

/**
 * The token that the admin port is asked with: `--token`, one of `--service-account` (TokenRequest), or the
 * kubeconfig's. A client certificate is none: it proves who somebody is to the API server alone.
 */
export async function findViewerToken(cluster: OpenCluster, line: CommandLine): Promise<ViewerToken> {
  const given = line.text('token');
  if (given !== undefined) return { token: given };
  const account = line.text('service-account');
  if (account !== undefined) return { token: await requestToken(cluster, account) };
  const { headers } = await cluster.access.readCredentials();
  const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
  if (token !== undefined) return { token };
  return {
    missing:
      'the kubeconfig has no bearer token (a client certificate is of no use to the gateway): give --token TOKEN or --service-account NAMESPACE/NAME',
  };
}

async function requestToken({ client }: OpenCluster, account: string): Promise<string> {
  const [namespace, name, ...rest] = account.split('/');
  if (!namespace || !name || rest.length > 0) {
    throw new UsageError(`--service-account takes NAMESPACE/NAME, not ${JSON.stringify(account)}.`);
  }
  const path = `${resourcesPath('', 'v1', 'serviceaccounts', namespace)}/${encodeURIComponent(name)}/token`;
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: lifetime },
  };
  const { status } = await client.create<{ status: { token: string } }>(path, body);
  return status.token;
}
