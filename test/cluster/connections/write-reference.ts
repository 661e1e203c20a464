import { sharedCluster } from '../control-plane/shared-cluster.ts';
import { collectionPath } from '../manifests/read-manifests.ts';

type Kind = 'ConnectionRole' | 'ConnectionGroup';

/** Creates a role or group; with `namespaces`, one for Connections there alone. */
export async function createReference(kind: Kind, name: string, namespaces?: readonly string[]): Promise<void> {
  const spec = namespaces === undefined ? {} : { namespaces };
  const body = { apiVersion: 'connect.pim.dev/v1beta1', kind, metadata: { name }, spec };
  await write(kind, { method: 'POST', path: collectionPath(kind, ''), body });
}

/** Says which namespaces may use a role or group; `null`: all. */
export async function openReference(kind: Kind, name: string, namespaces: readonly string[] | null): Promise<void> {
  await write(kind, { method: 'PATCH', path: `${collectionPath(kind, '')}/${name}`, body: { spec: { namespaces } } });
}

export async function deleteReference(kind: Kind, name: string): Promise<void> {
  await write(kind, { method: 'DELETE', path: `${collectionPath(kind, '')}/${name}` });
}

async function write(kind: Kind, request: Parameters<ReturnType<typeof sharedCluster>['request']>[0]): Promise<void> {
  const { status, body } = await sharedCluster().request<{ message?: string }>(request);
  if (status >= 300) throw new Error(`${kind}: ${status} ${body.message}`);
}
