import { type ConnectionPatch, dashboardPaths } from '../../../api/dashboard-api.ts';
import type { Connection } from '../../../api/generated/connection.ts';
import { rotationAnnotations } from '../../../api/names.ts';
import { callApi } from '../state/call-api.ts';

/** What can be asked for with an annotation. */
export type RotationRequest = keyof typeof rotationAnnotations;

function pathOf({ metadata }: Connection): string {
  return dashboardPaths.connection(metadata.namespace, metadata.name);
}

/** Sends a change; the answer is the Connection as it is stored then. */
export function patchConnection(connection: Connection, patch: ConnectionPatch): Promise<Connection> {
  return callApi<Connection>('PATCH', pathOf(connection), patch);
}

/** The token is the time: a new one each, and whoever reads it later knows when it was asked for. */
export function requestRotation(connection: Connection, request: RotationRequest): Promise<Connection> {
  const token = `page-${new Date().toISOString()}`;
  return patchConnection(connection, { metadata: { annotations: { [rotationAnnotations[request]]: token } } });
}

export function setSuspended(connection: Connection, suspend: boolean): Promise<Connection> {
  return patchConnection(connection, { spec: { suspend } });
}

/** Not another Connection of the same name that somebody made meanwhile. */
export function deleteConnection(connection: Connection): Promise<void> {
  return callApi<void>('DELETE', pathOf(connection), { uid: connection.metadata.uid });
}
