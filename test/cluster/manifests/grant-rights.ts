import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';
import { adminUser } from '../../../tools/control-plane/test-users.ts';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Everything there is. In a Role: everything in one namespace. */
export const everything: readonly Rule[] = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];

const rbac = '/apis/rbac.authorization.k8s.io/v1';

/** Binds a new Role with `rules` to a user of the control plane, in one namespace. */
export async function grantInNamespace(
  cluster: Cluster,
  user: string,
  namespace: string,
  rules: readonly Rule[],
): Promise<void> {
  const name = `test-${randomBytes(5).toString('hex')}`;
  await create(cluster, `${rbac}/namespaces/${namespace}/roles`, { kind: 'Role', metadata: { name }, rules });
  await bind(cluster, `${rbac}/namespaces/${namespace}/rolebindings`, 'RoleBinding', { kind: 'Role', name }, user);
}

/** Binds an existing ClusterRole to a user of the control plane, in one namespace. */
export async function bindClusterRole(cluster: Cluster, user: string, namespace: string, role: string): Promise<void> {
  const path = `${rbac}/namespaces/${namespace}/rolebindings`;
  await bind(cluster, path, 'RoleBinding', { kind: 'ClusterRole', name: role }, user);
}

/** Binds a new ClusterRole with `rules` to a user of the control plane, everywhere. */
export async function grantEverywhere(cluster: Cluster, user: string, rules: readonly Rule[]): Promise<void> {
  const name = `test-${randomBytes(5).toString('hex')}`;
  await create(cluster, `${rbac}/clusterroles`, { kind: 'ClusterRole', metadata: { name }, rules });
  await bind(cluster, `${rbac}/clusterrolebindings`, 'ClusterRoleBinding', { kind: 'ClusterRole', name }, user);
}

async function bind(cluster: Cluster, path: string, kind: string, role: object, user: string): Promise<void> {
  if (user === adminUser.name) throw new Error('the administrator may do everything already');
  const metadata = { name: `test-${randomBytes(5).toString('hex')}` };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', ...role };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }];
  await create(cluster, path, { kind, metadata, roleRef, subjects });
}

async function create(cluster: Cluster, path: string, object: object): Promise<void> {
  const body = { apiVersion: 'rbac.authorization.k8s.io/v1', ...object };
  const answer = await cluster.request({ method: 'POST', path, body });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
