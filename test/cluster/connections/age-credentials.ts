import type { ConnectionStatus } from '../../../src/api/generated/connection.ts';
import { parts } from '../../../src/api/names.ts';
import { eventually } from '../control-plane/eventually.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import { operatorKubeconfig } from '../control-plane/start-operator.ts';
import { collectionPath } from '../manifests/read-manifests.ts';
import type { ConnectionDesk } from './connection-desk.ts';

type Credentials = NonNullable<ConnectionStatus['credentials']>;

/**
 * Makes the values of a Connection so many milliseconds older, from which a schedule counts, and the last reissue too,
 * from which a contested Secret waits: time goes by without waiting for it.
 */
export async function ageCredentials(desk: ConnectionDesk, name: string, milliseconds: number): Promise<void> {
  // Only the operator may write that, so it is written as the operator.
  const kubeconfig = await operatorKubeconfig();
  const path = `${collectionPath('Connection', desk.namespace)}/${name}/status`;
  await eventually(async () => {
    const connection = await desk.read(name);
    const { credentials } = connection.status ?? {};
    if (!credentials) throw new Error('only what was issued can age');
    const status = { ...connection.status, credentials: age(credentials, milliseconds) };
    const answer = await sharedCluster().request({ method: 'PUT', path, body: { ...connection, status } }, kubeconfig);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  });
}

function age(credentials: Credentials, milliseconds: number): Credentials {
  const older = (time: string): string => new Date(Date.parse(time) - milliseconds).toISOString();
  const { reissues } = credentials;
  const aged = parts.map((part) => {
    const verifiers = credentials[part] ?? [];
    return [part, verifiers.map((verifier) => ({ ...verifier, issued: older(verifier.issued) }))];
  });
  return {
    ...credentials,
    ...Object.fromEntries(aged),
    ...(reissues && { reissues: { ...reissues, last: older(reissues.last) } }),
  };
}
