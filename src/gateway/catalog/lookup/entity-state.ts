import { type AskUpstream, askUpstream, CatalogUnavailable } from '../catalog-upstream.ts';
import { type Entity, entities, type ReferenceKind } from '../entity.ts';
import { buildQuery } from '../query/build-query.ts';
import { parsePage, parseRow, readText, type UpstreamRow } from '../upstream-page.ts';
import { runFewAtOnce } from './run-few-at-once.ts';

/** What judging needs of an entity as the upstream has it. */
export interface EntityState {
  /** Every category, those of its parents too. */
  readonly categories: readonly string[];
  readonly parent: string | undefined;
  readonly identifier: string | undefined;
  readonly uuid: string | undefined;
}

/** Most names in one question: the PIM takes no more in one filter, and no page is longer. */
const batchSize = 100;
/** Longest `search` of one question, in characters before escaping. Web servers take request lines of 8 KiB. */
const longestSearch = 2_500;

interface Place {
  readonly entity: Entity;
  /** The property that the names are of, in filters and in answers. */
  readonly filter: string;
  readonly key: string;
}

const places: Readonly<Record<ReferenceKind, Place>> = {
  identifier: { entity: entities.products, filter: 'identifier', key: 'identifier' },
  uuid: { entity: entities['products-uuid'], filter: 'uuid', key: 'uuid' },
  model: { entity: entities['product-models'], filter: 'identifier', key: 'code' },
  published: { entity: entities['published-products'], filter: 'identifier', key: 'identifier' },
};

/** One spelling for names of which several mean the same to everybody. */
export function readName(kind: ReferenceKind, name: string): string {
  return kind === 'uuid' ? name.toLowerCase() : name;
}

/**
 * Reads many entities in few questions, by name. What the upstream's search does not find under exactly that name is
 * not in the map, which does not prove that it is not there: the search may be a moment behind.
 *
 * @param attribute an attribute whose values are enough in the answers; absent: all values are sent
 */
export async function readStates(
  ask: AskUpstream,
  kind: ReferenceKind,
  names: Iterable<string>,
  attribute: string | undefined,
): Promise<ReadonlyMap<string, EntityState>> {
  const found = new Map<string, EntityState>();
  const wanted = new Set([...names].map((name) => readName(kind, name)));
  await runFewAtOnce(splitIntoBatches([...wanted]), async (batch) => {
    for (const row of await askForBatch(ask, places[kind], batch, attribute)) {
      const name = row[places[kind].key];
      const state = readState(row);
      if (typeof name !== 'string' || state === undefined) continue;
      if (wanted.has(readName(kind, name))) found.set(readName(kind, name), state);
    }
  });
  return found;
}

function splitIntoBatches(names: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const batch = batches.at(-1);
    size += name.length + 3;
    if (batch === undefined || batch.length >= batchSize || size > longestSearch) {
      batches.push([name]);
      size = name.length + 3;
    } else batch.push(name);
  }
  return batches;
}

async function askForBatch(ask: AskUpstream, place: Place, names: readonly string[], attribute: string | undefined) {
  const search = JSON.stringify({ [place.filter]: [{ operator: 'IN', value: names }] });
  const query = buildQuery([
    ['pagination_type', 'page'],
    ['limit', String(batchSize)],
    ['search', search],
    ...(attribute === undefined ? [] : [['attributes', attribute] as const]),
  ]);
  const { status, body } = await askUpstream(ask, { path: place.entity.path, query });
  const page = status === 200 ? parsePage(body) : undefined;
  if (page === undefined) throw new CatalogUnavailable('The upstream does not tell which products may be seen.');
  return page.items;
}

/** The same for somebody who only has to know whether it is seen: one that does not say its categories is not there. */
export async function findOneState(ask: AskUpstream, path: string): Promise<EntityState | undefined> {
  const { status, body } = await askUpstream(ask, { path, query: '' });
  if (status >= 500 || status === 429) {
    throw new CatalogUnavailable('The upstream does not tell which products may be seen.');
  }
  const row = status === 200 ? parseRow(body) : undefined;
  return row && readState(row);
}

/** What the answer to a GET of one entity says, which is to be changed. `undefined`: it is not there. */
export async function readOneState(ask: AskUpstream, path: string): Promise<EntityState | undefined> {
  const { status, body } = await askUpstream(ask, { path, query: '' });
  if (status === 404) return undefined;
  const row = status === 200 ? parseRow(body) : undefined;
  const state = row && readState(row);
  if (state === undefined) throw new CatalogUnavailable('The upstream does not show what is to be changed.');
  return state;
}

/** `undefined` for a row that does not say its categories. */
function readState(row: UpstreamRow): EntityState | undefined {
  const { categories } = row;
  if (!Array.isArray(categories)) return undefined;
  return {
    categories: categories.map(String),
    parent: readText(row, 'parent'),
    identifier: readText(row, 'identifier'),
    uuid: readText(row, 'uuid'),
  };
}
