import type { Connection } from '../api/generated/connection.ts';
import { codeOfName } from './identity.ts';

/**
 * The code of a connection: what it was issued under (not what a restored status of another object says), else what
 * the spec says, else made from the name.
 */
export function codeOf({ metadata, spec, status }: Connection): string {
  const issued = status?.credentials?.uid === metadata.uid ? status.code : undefined;
  return issued ?? spec.code ?? codeOfName(metadata.name);
}
