import { parts } from '../../../api/names.ts';
import { argoManager } from '../../../insight/find-git-owner.ts';

type Fields = Record<string, unknown>;

/**
 * Takes out of an object that was just parsed what the page has no use for: the hashes of values, and who wrote which
 * field, which is often more than all the rest. Of that only stays that Argo CD wrote some, since with tracking by label
 * nothing else says whose the object is. Changes the object itself.
 */
export function stripObject<T>(object: T): T {
  const { metadata, status } = object as { metadata?: Fields; status?: Fields };
  const isArgos = (metadata?.managedFields as Fields[] | undefined)?.some(({ manager }) => manager === argoManager);
  if (isArgos && metadata !== undefined) metadata.managedFields = [{ manager: argoManager }];
  else delete metadata?.managedFields;
  const credentials = status?.credentials as Fields | undefined;
  if (credentials === undefined) return object;
  for (const verifiers of [credentials, credentials.retired as Fields | undefined]) {
    for (const part of parts) {
      for (const verifier of (verifiers?.[part] ?? []) as Fields[]) verifier.hash = '';
    }
  }
  return object;
}
