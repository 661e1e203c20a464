import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';
import { sharedCluster } from './shared-cluster.ts';

/** Creates a namespace that no other test has and returns its name. It goes away with the control plane. */
export async function createNamespace(
  cluster: Cluster = sharedCluster(),
  labels: Readonly<Record<string, string>> = {},
): Promise<string> {
  const name = `test-${randomBytes(5).toString('hex')}`;
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  const answer = await cluster.request({ method: 'POST', path: '/api/v1/namespaces', body });
  if (answer.status !== 201) throw new Error(`namespace ${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return name;
}
