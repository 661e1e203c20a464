import { readFileSync } from 'node:fs';

/** The token in a kubeconfig of the control plane. */
export function readTokenOf(kubeconfig: string): string {
  const { users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as { users: { user: { token: string } }[] };
  const token = users[0]?.user.token;
  if (token === undefined) throw new Error(`${kubeconfig} has no token`);
  return token;
}
