import type { Connection } from '../../api/generated/connection.ts';
import { isIssued } from '../../credentials/accepted-verifiers.ts';

/** Name of the Secret that holds this Connection's values: the one it was issued into, else the one the spec asks for. */
export function wantedSecretName(connection: Connection): string {
  const issuedInto = isIssued(connection) ? connection.status?.binding?.name : undefined;
  return issuedInto ?? connection.spec.secret?.name ?? `${connection.metadata.name}-credentials`;
}
