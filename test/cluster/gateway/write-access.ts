import { randomBytes } from 'node:crypto';
import { defaultGroupSpec } from '../../../src/api/default-objects.ts';
import type { ConnectionGroupSpec } from '../../../src/api/generated/connection-group.ts';
import type { ConnectionRoleSpec } from '../../../src/api/generated/connection-role.ts';
import { apiVersion } from '../../../src/api/names.ts';
import { permissions } from '../../../src/api/permissions.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import { collectionPath } from '../manifests/read-manifests.ts';

/** Everything that a permission can allow. */
export const fullRole: ConnectionRoleSpec = { overallAccess: true, permissions: [...permissions] };

/** Sees and edits the whole catalog. */
export const openGroup: ConnectionGroupSpec = defaultGroupSpec;

/** Creates a role that no other test has and returns its name. */
export function createRole(spec: ConnectionRoleSpec): Promise<string> {
  return create('ConnectionRole', spec);
}

/** Creates a group that no other test has and returns its name. */
export function createGroup(spec: ConnectionGroupSpec): Promise<string> {
  return create('ConnectionGroup', spec);
}

/** Lays a merge patch over the spec of a role or group. */
export async function patchSpec(kind: 'ConnectionRole' | 'ConnectionGroup', name: string, spec: object): Promise<void> {
  const path = `${collectionPath(kind, '')}/${name}`;
  const answer = await sharedCluster().request({ method: 'PATCH', path, body: { spec } });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

async function create(kind: 'ConnectionRole' | 'ConnectionGroup', spec: object): Promise<string> {
  const name = `test-${randomBytes(5).toString('hex')}`;
  const body = { apiVersion, kind, metadata: { name }, spec };
  const answer = await sharedCluster().request({ method: 'POST', path: collectionPath(kind, ''), body });
  if (answer.status !== 201) throw new Error(`${kind}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return name;
}
