import type { Entity } from '../entity.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';
import type { ReferenceSet } from '../lookup/reference-set.ts';
import { collectLinks } from './product-link.ts';
import { findAssociatedList, readAssociated } from './read-associated.ts';

/** Properties that hold the code of a model above. */
export const parentKeys: ReadonlySet<string> = new Set(['parent', 'root_parent']);
/** Properties that hold associations. */
export const associationKeys: ReadonlySet<string> = new Set(['associations', 'quantified_associations']);

/** What of an entity is looked at. */
export interface CollectOptions {
  /** Absent: true. */
  readonly parents?: boolean;
  /** Attributes whose values are looked at. Absent: all. */
  readonly isShown?: (attribute: string) => boolean;
}

/** Adds every product and model that an entity names. */
export function collectReferences(
  doc: JsonDocument,
  node: JsonNode,
  entity: Entity,
  found: ReferenceSet,
  { parents = true, isShown = () => true }: CollectOptions,
): void {
  for (const { key, value } of doc.members(node)) {
    if (parentKeys.has(key)) {
      const parent = doc.string(value);
      if (parent !== undefined && parents) found.add('model', parent);
    } else if (associationKeys.has(key)) collectAssociated(doc, value, entity, found);
    else if (key === 'values') collectFromValues(doc, value, found, isShown);
  }
}

function collectAssociated(doc: JsonDocument, node: JsonNode, entity: Entity, found: ReferenceSet): void {
  for (const { value: type } of doc.members(node)) {
    for (const { key, value } of doc.members(type)) {
      const list = findAssociatedList(key, entity);
      if (list === undefined || list === 'groups') continue;
      for (const item of doc.items(value)) addAll(found, readAssociated(doc, item, list));
    }
  }
}

function addAll(found: ReferenceSet, references: ReturnType<typeof readAssociated>): void {
  for (const [kind, name] of references ?? []) found.add(kind, name);
}

function collectFromValues(
  doc: JsonDocument,
  values: JsonNode,
  found: ReferenceSet,
  isShown: (attribute: string) => boolean,
): void {
  for (const { key, value } of doc.members(values)) {
    if (!isShown(key)) continue;
    for (const item of doc.items(value)) {
      const data = doc.find(item, 'data');
      if (data !== undefined) collectLinks(doc, data, (kind, name) => found.add(kind, name));
    }
  }
}
