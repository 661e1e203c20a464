import { type CrdSchema, findChild, isObject } from './crd-schema.ts';
import { type Finding, joinPath } from './finding.ts';

/** Fields of `metav1.ObjectMeta`, which no CRD describes. */
const metadataFields: ReadonlySet<string> = new Set([
  'name',
  'generateName',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]);

/** Fields that the schema does not know, as the API server names them with `fieldValidation=Strict`. */
export function findUnknownFields(manifest: Readonly<Record<string, unknown>>, schema: CrdSchema): readonly Finding[] {
  const { metadata } = manifest;
  const unknown = isObject(metadata) ? Object.keys(metadata).filter((name) => !metadataFields.has(name)) : [];
  const inMetadata = unknown.map((name) => buildFinding(joinPath('metadata', name)));
  const { metadata: _, ...rest } = manifest;
  return [...inMetadata, ...findUnknown(rest, schema, '')];
}

function findUnknown(value: unknown, schema: CrdSchema, path: string): readonly Finding[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, at) => findUnknown(item, items, joinPath(path, at)));
  }
  if (!isObject(value) || schema.type !== 'object') return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const known = findChild(schema, name);
    const place = joinPath(path, name);
    return known === undefined ? [buildFinding(place)] : findUnknown(child, known, place);
  });
}

function buildFinding(path: string): Finding {
  return { path, message: `unknown field "${path}"` };
}

/** Values that stand twice in a list that is a set. */
export function findDuplicates(value: unknown, schema: CrdSchema, path = ''): readonly Finding[] {
  if (Array.isArray(value)) {
    const isSet = schema['x-kubernetes-list-type'] === 'set';
    const { items } = schema;
    return value.flatMap((item, at) => [
      ...(isSet && value.indexOf(item) < at
        ? [{ path: joinPath(path, at), message: `Duplicate value: ${JSON.stringify(item)}` }]
        : []),
      ...(items === undefined ? [] : findDuplicates(item, items, joinPath(path, at))),
    ]);
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const known = findChild(schema, name);
    return known === undefined ? [] : findDuplicates(child, known, joinPath(path, name));
  });
}
