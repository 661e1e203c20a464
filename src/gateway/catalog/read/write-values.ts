import type { JsonDocument, JsonNode } from '../json/json-document.ts';
import type { JsonWriter, Part } from '../json/json-writer.ts';
import type { VisibleReferences } from '../lookup/find-visible.ts';
import type { GroupView } from '../rights/group-view.ts';
import { collectLinks } from './product-link.ts';

/** What a value may hold beside its data. */
const valueKeys = new Set([
  'locale',
  'scope',
  'data',
  'linked_data',
  'attribute_type',
  'reference_data_name',
  '_links',
]);

/** Writes the values that the group sees; an attribute of which none is left goes as a whole. */
export function writeValues(
  writer: JsonWriter,
  doc: JsonDocument,
  node: JsonNode,
  view: GroupView,
  visible: VisibleReferences,
): void {
  writer.object(doc, node, (attribute, list): Part => {
    if (!view.seesAttribute(attribute) || doc.kind(list) !== 'array') return 'drop';
    const values = doc.items(list);
    const seen = new Set(values.filter((value) => isSeenValue(doc, value, view, visible)));
    if (seen.size === 0) return 'drop';
    if (seen.size === values.length && values.every((value) => isPlain(doc, value, view))) return 'keep';
    return () =>
      writer.array(doc, list, (value) => (seen.has(value) ? () => writeValue(writer, doc, value, view) : 'drop'));
  });
}

function isSeenValue(doc: JsonDocument, value: JsonNode, view: GroupView, visible: VisibleReferences): boolean {
  if (doc.kind(value) !== 'object' || !isSeenLocale(doc, doc.find(value, 'locale'), view)) return false;
  const data = doc.find(value, 'data');
  let isSeen = true;
  if (data !== undefined) {
    collectLinks(doc, data, (kind, name) => {
      isSeen &&= visible.has(kind, name);
    });
  }
  return isSeen;
}

/** A value of an attribute that is not localizable has no locale, and is seen whatever the locales are. */
function isSeenLocale(doc: JsonDocument, locale: JsonNode | undefined, view: GroupView): boolean {
  if (locale === undefined || doc.kind(locale) === 'null') return true;
  const code = doc.string(locale);
  return code !== undefined && view.seesLocale(code);
}

/** Nothing in it has to be looked at. */
function isPlain(doc: JsonDocument, value: JsonNode, view: GroupView): boolean {
  return doc.members(value).every(({ key }) => valueKeys.has(key) && (view.seesAllLocales || key !== 'linked_data'));
}

function writeValue(writer: JsonWriter, doc: JsonDocument, value: JsonNode, view: GroupView): void {
  writer.object(doc, value, (key, member): Part => {
    if (!valueKeys.has(key)) return 'drop';
    if (key !== 'linked_data' || view.seesAllLocales) return 'keep';
    return () => writeLinkedData(writer, doc, member, view);
  });
}

/** Labels of options and links to assets, those of hidden locales left out. */
function writeLinkedData(writer: JsonWriter, doc: JsonDocument, node: JsonNode, view: GroupView): void {
  const kind = doc.kind(node);
  if (kind === 'object') {
    writer.object(doc, node, (key, value) => () => {
      if (key === 'labels') writer.object(doc, value, (locale) => (view.seesLocale(locale) ? 'keep' : 'drop'));
      else writeLinkedData(writer, doc, value, view);
    });
  } else if (kind === 'array') {
    writer.array(doc, node, (item) =>
      isSeenLocale(doc, doc.find(item, 'locale'), view) ? () => writeLinkedData(writer, doc, item, view) : 'drop',
    );
  } else writer.copy(doc, node);
}
