import type { Entity } from '../entity.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';
import type { JsonWriter, Part } from '../json/json-writer.ts';
import type { VisibleReferences } from '../lookup/find-visible.ts';
import type { GroupView } from '../rights/group-view.ts';
import { associationKeys, parentKeys } from './collect-references.ts';
import { findAssociatedList, readAssociated } from './read-associated.ts';
import { writeValues } from './write-values.ts';

/** Who looks at an entity. */
export interface Onlooker {
  readonly entity: Entity;
  readonly view: GroupView;
  /** Of all references of the entity. */
  readonly visible: VisibleReferences;
}

const computed = new Set(['completenesses', 'quality_scores']);

/** Whether the group sees an entity. One that does not say its categories is not seen. */
export function seesEntity(doc: JsonDocument, node: JsonNode, view: GroupView): boolean {
  const categories = doc.strings(doc.find(node, 'categories'));
  return categories !== undefined && view.seesProduct(categories);
}

/** Writes an entity that is seen: what the group may see of it. A property that nobody here knows is left out. */
export function writeEntity(writer: JsonWriter, doc: JsonDocument, node: JsonNode, onlooker: Onlooker): void {
  const { entity, view, visible } = onlooker;
  writer.object(doc, node, (key, value): Part => {
    if (entity.plain.has(key)) return 'keep';
    if (key === 'values') return () => writeValues(writer, doc, value, view, visible);
    if (associationKeys.has(key)) return () => writeAssociations(writer, doc, value, onlooker);
    if (parentKeys.has(key)) return isSeenParent(doc, value, visible) ? 'keep' : 'drop';
    if (computed.has(key)) return view.seesAllValues ? 'keep' : 'drop';
    if (key === '_links') return () => writer.object(doc, value, (relation) => (relation === 'self' ? 'keep' : 'drop'));
    return 'drop';
  });
}

function isSeenParent(doc: JsonDocument, value: JsonNode, visible: VisibleReferences): boolean {
  const parent = doc.string(value);
  return parent === undefined ? doc.kind(value) === 'null' : visible.has('model', parent);
}

function writeAssociations(writer: JsonWriter, doc: JsonDocument, node: JsonNode, onlooker: Onlooker): void {
  writer.object(doc, node, (_type, lists) => () => {
    writer.object(doc, lists, (key, list) => chooseList(writer, doc, key, list, onlooker));
  });
}

function chooseList(writer: JsonWriter, doc: JsonDocument, key: string, list: JsonNode, onlooker: Onlooker): Part {
  const kind = findAssociatedList(key, onlooker.entity);
  if (kind === undefined || doc.kind(list) !== 'array') return 'drop';
  if (kind === 'groups') return 'keep';
  return () =>
    writer.array(doc, list, (item) => {
      const references = readAssociated(doc, item, kind);
      const isSeen = references?.every(([of, name]) => onlooker.visible.has(of, name)) === true;
      return isSeen ? 'keep' : 'drop';
    });
}
