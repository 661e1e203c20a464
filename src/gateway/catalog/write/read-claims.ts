import { type CatalogRefusal, refuse } from '../catalog-plan.ts';
import type { Entity } from '../entity.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';
import { ReferenceSet } from '../lookup/reference-set.ts';
import { associationKeys, collectReferences } from '../read/collect-references.ts';
import { findAssociatedList, readAssociated } from '../read/read-associated.ts';
import { buildForbidden } from './build-forbidden.ts';
import type { ValueClaim, WriteClaims } from './write-claims.ts';

/** What a value may hold; all but the first three are read-only, and ignored by the PIM. */
const valueKeys = new Set([
  'locale',
  'scope',
  'data',
  'linked_data',
  'attribute_type',
  'reference_data_name',
  '_links',
]);
const names = new Set(['identifier', 'uuid', 'code']);
const categoryLists = new Set(['categories', 'add_categories', 'remove_categories']);

/**
 * Reads what a write names. A property that nobody here knows is 403, since nobody can tell what it would change; a
 * known one of another shape than the PIM documents is 422.
 */
export function readClaims(doc: JsonDocument, node: JsonNode, entity: Entity): WriteClaims | CatalogRefusal {
  const values: ValueClaim[] = [];
  for (const { key, value } of doc.members(node)) {
    const refusal = checkProperty(doc, key, value, entity, values);
    if (refusal !== undefined) return refusal;
  }
  const text = (key: string): string | undefined => doc.string(doc.find(node, key));
  const list = (key: string): readonly string[] | undefined => doc.strings(doc.find(node, key));
  const parent = doc.find(node, 'parent');
  const references = new ReferenceSet();
  collectReferences(doc, node, entity, references, { parents: false });
  return {
    identifier: text('identifier'),
    uuid: text('uuid'),
    code: text('code'),
    categories: list('categories'),
    addedCategories: list('add_categories') ?? [],
    removedCategories: list('remove_categories') ?? [],
    parent: parent === undefined ? undefined : (doc.string(parent) ?? null),
    values,
    references,
  };
}

function checkProperty(
  doc: JsonDocument,
  key: string,
  value: JsonNode,
  entity: Entity,
  values: ValueClaim[],
): CatalogRefusal | undefined {
  if (entity.written.has(key)) return undefined;
  if (names.has(key)) return checkName(doc, key, value, entity);
  if (categoryLists.has(key)) return checkCategoryList(doc, key, value);
  if (key === 'parent') {
    const isCode = doc.string(value) !== undefined || doc.kind(value) === 'null';
    return isCode ? undefined : refuseShape(key, 'a string');
  }
  if (associationKeys.has(key)) return checkAssociations(doc, key, value, entity);
  if (key === 'values') return readValues(doc, value, values);
  return buildForbidden([`property "${key}" (not known)`]);
}

function checkName(doc: JsonDocument, key: string, value: JsonNode, entity: Entity): CatalogRefusal | undefined {
  const isModel = entity.kind === 'product-models';
  if (isModel !== (key === 'code')) return buildForbidden([`property "${key}" (not known)`]);
  const isText = doc.string(value) !== undefined;
  // Products may go without identifier, and say so.
  return isText || (key === 'identifier' && doc.kind(value) === 'null') ? undefined : refuseShape(key, 'a string');
}

function checkCategoryList(doc: JsonDocument, key: string, value: JsonNode): CatalogRefusal | undefined {
  return doc.strings(value) === undefined ? refuseShape(key, 'an array of strings') : undefined;
}

function checkAssociations(
  doc: JsonDocument,
  property: string,
  node: JsonNode,
  entity: Entity,
): CatalogRefusal | undefined {
  if (!isObject(doc, node)) return refuseShape(property, 'an object');
  for (const { value: type } of doc.members(node)) {
    if (!isObject(doc, type)) return refuseShape(property, 'an object for each type');
    for (const { key, value } of doc.members(type)) {
      const kind = findAssociatedList(key, entity);
      if (kind === undefined) return buildForbidden([`"${key}" in "${property}" (not known)`]);
      if (doc.kind(value) !== 'array') return refuseShape(property, `an array in "${key}"`);
      if (kind === 'groups') continue;
      const unclear = doc.items(value).some((item) => readAssociated(doc, item, kind) === undefined);
      if (unclear) return refuseShape(property, `names of products or models in "${key}"`);
    }
  }
  return undefined;
}

function readValues(doc: JsonDocument, node: JsonNode, values: ValueClaim[]): CatalogRefusal | undefined {
  if (!isObject(doc, node)) return refuseShape('values', 'an object');
  for (const { key: attribute, value: list } of doc.members(node)) {
    if (doc.kind(list) !== 'array') return refuseShape(attribute, 'an array');
    values.push({ attribute, locale: undefined });
    for (const item of doc.items(list)) {
      const refusal = readValue(doc, attribute, item, values);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}

function readValue(
  doc: JsonDocument,
  attribute: string,
  item: JsonNode,
  values: ValueClaim[],
): CatalogRefusal | undefined {
  if (doc.kind(item) !== 'object') return refuseShape(attribute, 'objects');
  const unknown = doc.members(item).find(({ key }) => !valueKeys.has(key));
  if (unknown !== undefined) return buildForbidden([`"${unknown.key}" in attribute "${attribute}" (not known)`]);
  const locale = doc.find(item, 'locale');
  if (locale === undefined || doc.kind(locale) === 'null') return undefined;
  const code = doc.string(locale);
  if (code === undefined) return refuseShape(attribute, 'a string with the key "locale"');
  values.push({ attribute, locale: code });
  return undefined;
}

/** PHP writes an empty object as an empty array. */
function isObject(doc: JsonDocument, node: JsonNode): boolean {
  return doc.kind(node) === 'object' || (doc.kind(node) === 'array' && doc.items(node).length === 0);
}

function refuseShape(property: string, expected: string): CatalogRefusal {
  return refuse(422, `Property "${property}" expects ${expected}.`);
}
