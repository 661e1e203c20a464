import type { Connection } from '../../../api/generated/connection.ts';

/** Name of the Secret that holds, or will hold, the credentials. */
export function secretOf({ metadata, spec, status }: Connection): string {
  return status?.binding?.name ?? spec.secret?.name ?? `${metadata.name}-credentials`;
}
