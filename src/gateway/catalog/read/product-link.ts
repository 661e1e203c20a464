import type { ReferenceKind } from '../entity.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';

/**
 * Finds links to products and models in the data of a value: objects with `type` and `id` or `identifier`, which only
 * attributes of type `pim_catalog_product_link` have, on their own or in a table.
 */
export function collectLinks(
  doc: JsonDocument,
  data: JsonNode,
  found: (kind: ReferenceKind, name: string) => void,
): void {
  const kind = doc.kind(data);
  if (kind === 'array') for (const item of doc.items(data)) collectLinks(doc, item, found);
  if (kind !== 'object') return;
  const type = doc.string(doc.find(data, 'type'));
  for (const { key, value } of doc.members(data)) {
    const name = doc.string(value);
    if (name === undefined) collectLinks(doc, value, found);
    else if (type === 'product_model' && (key === 'id' || key === 'identifier')) found('model', name);
    else if (type === 'product' && key === 'id') found('uuid', name);
    else if (type === 'product' && key === 'identifier') found('identifier', name);
  }
}
