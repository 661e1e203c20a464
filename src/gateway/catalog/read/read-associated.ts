import type { Entity, ReferenceKind } from '../entity.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';

/** What the items of one list of an association are: names of this kind, or groups, which are nobody's. */
export type AssociatedList = ReferenceKind | 'groups';

/** One name of a product or model. */
export type Reference = readonly [kind: ReferenceKind, name: string];

/** What a list in an association holds, by its key. `undefined`: nobody knows. */
export function findAssociatedList(key: string, entity: Entity): AssociatedList | undefined {
  switch (key) {
    case 'products':
      return entity.products;
    case 'product_models':
      return 'model';
    case 'product_uuids':
      return 'uuid';
    case 'groups':
      return 'groups';
    default:
      return undefined;
  }
}

/**
 * What an item of such a list names: a string, or an object with a quantity, of which every text counts as a name.
 * `undefined` for an item that names nothing in a way that is known.
 */
export function readAssociated(
  doc: JsonDocument,
  item: JsonNode,
  list: ReferenceKind,
): readonly Reference[] | undefined {
  const text = doc.string(item);
  if (text !== undefined) return [[list, text]];
  const references: Reference[] = [];
  for (const { key, value } of doc.members(item)) {
    if (key === 'quantity') continue;
    const name = doc.string(value);
    if (name !== undefined) references.push([kindOf(key, list), name]);
    else if (doc.kind(value) !== 'null') return undefined;
  }
  return references.length === 0 ? undefined : references;
}

function kindOf(key: string, list: ReferenceKind): ReferenceKind {
  if (list === 'model' || list === 'published') return list;
  return key === 'uuid' ? 'uuid' : 'identifier';
}
