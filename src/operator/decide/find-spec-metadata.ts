import { managerName } from '../../api/names.ts';
import type { ManagedFieldsEntry } from '../../api/object-meta.ts';
import type { Secret } from '../../api/secret.ts';
import type { SecretContent } from './read-secret.ts';

/**
 * Labels and annotations that the spec asked for when the operator wrote this Secret, as a mark lists them. Where the
 * mark is gone the API server still knows what the operator wrote last; a cached Secret has lost that.
 */
export function findSpecMetadata({ metadata }: Secret, { mark }: SecretContent): readonly string[] {
  if (mark !== undefined) return mark.metadata;
  const ours = (metadata.managedFields ?? []).filter(({ manager }) => manager === managerName);
  return ours.flatMap((entry) => [
    ...fieldsOf(entry, 'f:labels').map((key) => `label ${key}`),
    ...fieldsOf(entry, 'f:annotations').map((key) => `annotation ${key}`),
  ]);
}

function fieldsOf({ fieldsV1 }: ManagedFieldsEntry, map: 'f:labels' | 'f:annotations'): readonly string[] {
  const names = Object.keys(fieldsV1?.['f:metadata']?.[map] ?? {});
  return names.filter((name) => name.startsWith('f:')).map((name) => name.slice('f:'.length));
}
