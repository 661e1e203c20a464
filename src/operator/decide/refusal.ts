import type { ObservedConnection } from '../observe/observed-connection.ts';
import type { Problem } from './problem.ts';
import { wantedSecretName } from './wanted-secret-name.ts';

/** The problem of a Secret that the API server has just refused to store. */
export function refusalOf({ refusal, connection }: ObservedConnection): Problem | undefined {
  if (refusal === undefined) return undefined;
  const message = `The API server refuses Secret ${wantedSecretName(connection)}: ${refusal}`;
  return { reason: 'SecretRefused', message };
}
