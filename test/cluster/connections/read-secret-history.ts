import type { Secret } from '../../../src/api/secret.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';

const path = (namespace: string, query: string): string => `/api/v1/namespaces/${namespace}/secrets?${query}`;

/** A moment from which `readSecretHistory` can tell. */
export async function markMoment(namespace: string): Promise<string> {
  const answer = await sharedCluster().request<{ metadata: { resourceVersion: string } }>({
    path: path(namespace, ''),
  });
  return answer.body.metadata.resourceVersion;
}

/** Every version of every Secret of a namespace since then, those that lasted a moment and those that are gone too. */
export async function readSecretHistory(namespace: string, since: string): Promise<readonly Secret[]> {
  const query = `watch=1&resourceVersion=${since}&timeoutSeconds=1`;
  const { status, body } = await sharedCluster().request<unknown>({ path: path(namespace, query) });
  if (status !== 200) throw new Error(`the history of Secrets in ${namespace}: ${status}`);
  // One object a line; a single line was parsed already.
  const lines = typeof body === 'string' ? body.split('\n').filter(Boolean) : [JSON.stringify(body)];
  return lines.map((line) => (JSON.parse(line) as { readonly object: Secret }).object);
}
