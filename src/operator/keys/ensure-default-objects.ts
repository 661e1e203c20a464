import { defaultGroupSpec, defaultRoleSpec } from '../../api/default-objects.ts';
import { apiVersion, defaultGroup, defaultRole } from '../../api/names.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { isKubeError } from '../../kube/kube-error.ts';
import { groupsPath, rolesPath } from '../../kube/resource-paths.ts';

/** Creates ConnectionRole `user` and ConnectionGroup `all`; those that exist are left as they are. */
export async function ensureDefaultObjects(client: KubeClient): Promise<void> {
  const role = { apiVersion, kind: 'ConnectionRole', metadata: { name: defaultRole }, spec: defaultRoleSpec };
  const group = { apiVersion, kind: 'ConnectionGroup', metadata: { name: defaultGroup }, spec: defaultGroupSpec };
  await createUnlessThere(client, rolesPath(), role);
  await createUnlessThere(client, groupsPath(), group);
}

async function createUnlessThere(client: KubeClient, path: string, body: object): Promise<void> {
  try {
    await client.create(path, body);
  } catch (error) {
    if (!(isKubeError(error) && error.code === 'AlreadyExists')) throw error;
  }
}
