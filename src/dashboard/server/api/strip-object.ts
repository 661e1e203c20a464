import { parts } from '../../../api/names.ts';

type Fields = Record<string, unknown>;

/**
 * Takes out of an object that was just parsed what the page has no use for: who wrote which field, which is often more
 * than all the rest, and the hashes of values. Changes the object itself.
 */
export function stripObject<T>(object: T): T {
  const { metadata, status } = object as { metadata?: Fields; status?: Fields };
  delete metadata?.managedFields;
  const credentials = status?.credentials as Fields | undefined;
  if (credentials === undefined) return object;
  for (const verifiers of [credentials, credentials.retired as Fields | undefined]) {
    for (const part of parts) {
      for (const verifier of (verifiers?.[part] ?? []) as Fields[]) verifier.hash = '';
    }
  }
  return object;
}
