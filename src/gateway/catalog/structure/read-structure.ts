import { type AskUpstream, askUpstream, CatalogUnavailable } from '../catalog-upstream.ts';
import { parsePage, readText, type UpstreamRow } from '../upstream-page.ts';
import type { Attribute, AttributeTable, ChannelTrees } from './catalog-structure.ts';
import { type Category, CategoryTree } from './category-tree.ts';

const linkType = 'pim_catalog_product_link';
const pageSize = 100;
/** A list that does not end is no list. */
const maxPages = 10_000;

/** Reads all categories of the upstream. */
export async function readCategories(ask: AskUpstream): Promise<CategoryTree> {
  const rows = await readRows(ask, 'categories');
  const categories = rows.map((row): Category => {
    const parent = readText(row, 'parent');
    return { code: readText(row, 'code') ?? '', ...(parent !== undefined && { parent }) };
  });
  return new CategoryTree(categories);
}

/** Reads all attributes of the upstream. */
export async function readAttributes(ask: AskUpstream): Promise<AttributeTable> {
  const table = new Map<string, Attribute>();
  for (const row of await readRows(ask, 'attributes')) {
    const code = readText(row, 'code') ?? '';
    const group = readText(row, 'group');
    const type = readText(row, 'type') ?? '';
    const links = type === linkType || hasLinkColumn(row.table_configuration);
    const localizable = row.localizable !== false;
    table.set(code, { code, type, localizable, links, ...(group !== undefined && { group }) });
  }
  return table;
}

function hasLinkColumn(columns: unknown): boolean {
  if (!Array.isArray(columns)) return false;
  return columns.some((column: unknown) => (column as { data_type?: unknown } | null)?.data_type === 'product_link');
}

/** Reads all channels of the upstream. */
export async function readChannels(ask: AskUpstream): Promise<ChannelTrees> {
  const trees = new Map<string, string>();
  for (const row of await readRows(ask, 'channels')) {
    const tree = readText(row, 'category_tree');
    if (tree !== undefined) trees.set(readText(row, 'code') ?? '', tree);
  }
  return trees;
}

async function readRows(ask: AskUpstream, collection: string): Promise<readonly UpstreamRow[]> {
  const rows: UpstreamRow[] = [];
  for (let page = 1; page <= maxPages; page++) {
    const query = `?pagination_type=page&page=${page}&limit=${pageSize}`;
    const answer = await askUpstream(ask, { path: `/api/rest/v1/${collection}`, query });
    const found = answer.status === 200 ? parsePage(answer.body) : undefined;
    if (found === undefined) throw new CatalogUnavailable(`The upstream does not list its ${collection}.`);
    rows.push(...found.items);
    if (!found.hasNext || found.items.length === 0) return rows;
  }
  throw new CatalogUnavailable(`The upstream's list of ${collection} does not end.`);
}
