import type { Connection, ConnectionStatus } from '../../../src/api/generated/connection.ts';
import { parts } from '../../../src/api/names.ts';
import { eventually } from '../control-plane/eventually.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import { operatorKubeconfig } from '../control-plane/start-operator.ts';
import { collectionPath } from '../manifests/read-manifests.ts';
import type { ConnectionDesk } from './connection-desk.ts';

/**
 * Makes the values of a Connection so much older, in milliseconds: what a schedule counts from. Only the operator may
 * write that, so it is written as the operator.
 */
export async function ageVerifiers(desk: ConnectionDesk, name: string, milliseconds: number): Promise<void> {
  const kubeconfig = await operatorKubeconfig();
  await eventually(async () => {
    const connection = await desk.read(name);
    const path = `${collectionPath('Connection', desk.namespace)}/${name}/status`;
    const body = { ...connection, status: age(connection, milliseconds) };
    const { status } = await sharedCluster().request({ method: 'PUT', path, body }, kubeconfig);
    if (status !== 200) throw new Error(`${path}: ${status}`);
  });
}

function age({ status }: Connection, milliseconds: number): ConnectionStatus {
  const credentials = status?.credentials;
  if (!credentials) throw new Error('only what was issued can age');
  const older = (time: string): string => new Date(Date.parse(time) - milliseconds).toISOString();
  const aged = parts.map((part) => [
    part,
    credentials[part]?.map((verifier) => ({ ...verifier, issued: older(verifier.issued) })),
  ]);
  return { ...status, credentials: { ...credentials, ...Object.fromEntries(aged) } };
}
