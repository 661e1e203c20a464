import { type CatalogRefusal, refuse } from '../catalog-plan.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';
import { parseJson } from '../json/parse-json.ts';
import type { GroupView } from '../rights/group-view.ts';
import { findHiddenCategories, findHiddenLocales } from './find-hidden-names.ts';

/** A `search` that names nothing hidden, as far as the group alone can tell. */
export interface CheckedSearch {
  readonly doc: JsonDocument;
  readonly namesCategories: boolean;
  /** Models that it names as parents; each must be seen. */
  readonly parents: readonly string[];
}

/** Properties that every group may filter by. */
const plain = new Set(['uuid', 'identifier', 'enabled', 'family', 'groups', 'created', 'updated']);
/** Properties that are computed from values. */
const computed = new Set([
  'completeness',
  'quality_score',
  'readiness',
  'readiness_by_channel',
  'updated_including_linked_entities',
  'updated_including_linked_type',
]);
/** What a filter may say. */
const filterKeys = new Set(['operator', 'value', 'locale', 'locales', 'scope', 'readiness_code']);

const notJson = 'Search query parameter should be valid JSON.';

/**
 * Checks the filters of a client. Whatever names something that the group does not see, or that nobody knows, is
 * answered in the PIM's words for the unknown.
 */
export function readSearch(
  text: string,
  searchLocale: string | undefined,
  view: GroupView,
): CheckedSearch | CatalogRefusal {
  const doc = parseJson(Buffer.from(text));
  if (doc === 'key twice') return refuse(400, 'The "search" parameter has a key twice.');
  if (doc === 'not JSON') return refuse(400, notJson);
  const isEmptyArray = doc.kind(doc.root) === 'array' && doc.items(doc.root).length === 0;
  if (doc.kind(doc.root) !== 'object' && !isEmptyArray) return refuse(400, notJson);
  const parents: string[] = [];
  let namesCategories = false;
  for (const { key, value } of doc.members(doc.root)) {
    namesCategories ||= key === 'categories';
    if (doc.items(value).length === 0) return refuseStructure(key);
    for (const filter of doc.items(value)) {
      const refusal = new FilterCheck(doc, key, filter, searchLocale, view).check(parents);
      if (refusal !== undefined) return refusal;
    }
  }
  return { doc, namesCategories, parents };
}

function refuseStructure(key: string): CatalogRefusal {
  const shape = `{"${key}":[{"operator": "my_operator", "value": "my_value"}]}`;
  return refuse(422, `Structure of filter "${key}" should respect this structure: ${shape}`);
}

/** One filter on one property. */
class FilterCheck {
  readonly #doc: JsonDocument;
  readonly #property: string;
  readonly #filter: JsonNode;
  readonly #searchLocale: string | undefined;
  readonly #view: GroupView;
  readonly #operator: string;

  constructor(
    doc: JsonDocument,
    property: string,
    filter: JsonNode,
    searchLocale: string | undefined,
    view: GroupView,
  ) {
    this.#doc = doc;
    this.#property = property;
    this.#filter = filter;
    this.#searchLocale = searchLocale;
    this.#view = view;
    this.#operator = doc.string(doc.find(filter, 'operator')) ?? '';
  }

  /** @param parents gets the models that it names */
  check(parents: string[]): CatalogRefusal | undefined {
    if (this.#doc.kind(this.#filter) !== 'object') return refuseStructure(this.#property);
    if (this.#operator === '') return refuse(422, `Operator is missing for the property "${this.#property}".`);
    const unknown = this.#doc.members(this.#filter).find(({ key }) => !filterKeys.has(key));
    if (unknown !== undefined) return refuse(422, `A filter on "${this.#property}" has no "${unknown.key}".`);
    return this.#checkLocales() ?? this.#checkProperty(parents);
  }

  #checkProperty(parents: string[]): CatalogRefusal | undefined {
    const property = this.#property;
    if (property === 'categories') return this.#checkCategories();
    if (property === 'parent') return this.#readParents(parents);
    if (plain.has(property)) return undefined;
    if (computed.has(property)) return this.#view.seesAllValues ? undefined : this.#refuseProperty();
    return this.#checkAttribute();
  }

  #checkLocales(): CatalogRefusal | undefined {
    const locale = this.#doc.find(this.#filter, 'locale');
    const locales = this.#doc.find(this.#filter, 'locales');
    const named = locale === undefined || this.#doc.kind(locale) === 'null' ? [] : [this.#doc.string(locale)];
    const list = locales === undefined ? [] : (this.#doc.strings(locales) ?? [undefined]);
    const codes = [...named, ...list];
    if (codes.includes(undefined)) {
      return refuse(422, `Property "${this.#property}" expects a string with the key "locale".`);
    }
    return findHiddenLocales(this.#view, codes as readonly string[]);
  }

  #checkCategories(): CatalogRefusal | undefined {
    const value = this.#doc.find(this.#filter, 'value');
    const codes = value === undefined ? [] : this.#doc.strings(value);
    const needsCodes = this.#operator !== 'UNCLASSIFIED';
    if (codes === undefined || (needsCodes && value === undefined)) {
      return refuse(422, 'Property "categories" expects an array as data.');
    }
    return findHiddenCategories(this.#view, codes);
  }

  #readParents(parents: string[]): CatalogRefusal | undefined {
    const value = this.#doc.find(this.#filter, 'value');
    if (value === undefined || this.#doc.kind(value) === 'null') return undefined;
    const one = this.#doc.string(value);
    const codes = one === undefined ? this.#doc.strings(value) : [one];
    if (codes === undefined) return refuse(422, 'Property "parent" expects a string or an array of strings as data.');
    parents.push(...codes);
    return undefined;
  }

  #checkAttribute(): CatalogRefusal | undefined {
    const view = this.#view;
    const attribute = view.findAttribute(this.#property);
    // A link to a hidden product is left out of the values, so that nobody may ask for it either.
    const isLink = attribute?.links === true && view.categories !== 'all';
    if (attribute === undefined || isLink || !view.seesAttribute(this.#property)) return this.#refuseProperty();
    if (!attribute.localizable || view.seesAllLocales) return undefined;
    // Checked already, both, when they are there.
    const locale = this.#doc.string(this.#doc.find(this.#filter, 'locale')) ?? this.#searchLocale;
    return locale === undefined
      ? refuse(422, `Attribute "${this.#property}" expects a locale, none given.`)
      : undefined;
  }

  #refuseProperty(): CatalogRefusal {
    return refuse(
      422,
      `Filter on property "${this.#property}" is not supported or does not support operator "${this.#operator}"`,
    );
  }
}
