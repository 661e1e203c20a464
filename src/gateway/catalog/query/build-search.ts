import type { JsonDocument } from '../json/json-document.ts';
import { JsonWriter } from '../json/json-writer.ts';
import type { CategoryFilter } from './category-condition.ts';

/** A `search` with further filters on categories; what the client wrote stays as it is. */
export function buildSearch(doc: JsonDocument | undefined, added: readonly CategoryFilter[]): string | undefined {
  if (doc === undefined || doc.kind(doc.root) !== 'object') {
    return added.length === 0 ? undefined : JSON.stringify({ categories: added });
  }
  const writer = new JsonWriter();
  const own = doc.find(doc.root, 'categories');
  const filters = added.map((filter) => JSON.stringify(filter));
  writer.raw('{');
  const separate = (at: number): void => {
    if (at > 0) writer.raw(',');
  };
  doc.members(doc.root).forEach(({ keyNode, value }, at) => {
    separate(at);
    writer.copy(doc, keyNode);
    writer.raw(':');
    if (value === own) writer.raw(`[${[...doc.items(value).map((item) => doc.slice(item)), ...filters].join(',')}]`);
    else writer.copy(doc, value);
  });
  if (own === undefined && filters.length > 0) {
    separate(doc.members(doc.root).length);
    writer.raw(`"categories":[${filters.join(',')}]`);
  }
  writer.raw('}');
  return writer.finish().toString();
}
