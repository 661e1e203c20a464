import { buildSentence } from '../../kube/build-sentence.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import type { Problem } from './problem.ts';
import { wantedSecretName } from './wanted-secret-name.ts';

/** The problem of a Secret that the API server has just refused to store. */
export function refusalOf({ refusal, connection, secret, strays }: ObservedConnection): Problem | undefined {
  if (refusal === undefined) return undefined;
  // A policy may quote the object that is there as well as the one that was sent.
  const sentence = [secret, ...strays].reduce((text, held) => buildSentence(text, held), refusal);
  const message = `The API server refuses Secret ${wantedSecretName(connection)}: ${sentence}`;
  return { reason: 'SecretRefused', message };
}
