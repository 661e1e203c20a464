import { readClusterAccess } from '../../src/kube/read-cluster-access.ts';

/**
 * The address of the dashboard with a code that signs the kubeconfig's user in, once and within a minute; without one
 * where the kubeconfig has no token to hand over.
 */
export async function createSignInAddress(dashboard: string, kubeconfig: string): Promise<string> {
  const access = await readClusterAccess({ kubeconfig });
  const { authorization } = (await access.readCredentials()).headers;
  if (authorization === undefined) return dashboard;
  const answer = await fetch(`${dashboard}/api/codes`, {
    method: 'POST',
    headers: { authorization, origin: dashboard, 'content-type': 'application/json' },
    body: '{}',
  });
  if (answer.status !== 201) return dashboard;
  const { code } = (await answer.json()) as { code: string };
  return `${dashboard}/#code=${code}`;
}
