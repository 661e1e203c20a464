import { type CatalogReply, type ReplyFilter, refuse } from '../catalog-plan.ts';
import type { AskUpstream } from '../catalog-upstream.ts';
import type { Entity } from '../entity.ts';
import type { JsonDocument, JsonNode } from '../json/json-document.ts';
import { JsonWriter } from '../json/json-writer.ts';
import { isDocument, parseJson } from '../json/parse-json.ts';
import { findVisible } from '../lookup/find-visible.ts';
import { ReferenceSet } from '../lookup/reference-set.ts';
import type { GroupView } from '../rights/group-view.ts';
import { refuseUnavailable } from './build-unavailable.ts';
import { collectReferences } from './collect-references.ts';
import { type Asked, filterError, jsonType, unusableReply } from './filter-error.ts';
import { buildPageLinks, type PageRequest } from './page-links.ts';
import { seesEntity, writeEntity } from './write-entity.ts';

/** What a page is filtered by. */
export interface PageFilterSettings {
  readonly ask: AskUpstream;
  readonly entity: Entity;
  readonly view: GroupView;
  readonly request: PageRequest;
  /** What the client wrote. */
  readonly asked: Asked;
  /** Seals the upstream's cursor; `undefined`: it cannot be sealed. */
  readonly seal: (cursor: string) => string | undefined;
}

const counts = ['current_page', 'items_count'];

/** Makes of the upstream's page what the group may see of it. */
export function buildPageFilter(settings: PageFilterSettings): ReplyFilter {
  return async (status, body) => {
    const doc = status === 200 ? parseJson(body) : undefined;
    const items = doc !== undefined && isDocument(doc) ? findItems(doc) : undefined;
    if (doc === undefined || !isDocument(doc) || items === undefined) {
      return status === 200 ? refuse(502, unusableReply) : filterError(status, body, settings.asked);
    }
    try {
      return await filterPage(doc, items, settings);
    } catch (error) {
      return refuseUnavailable(error);
    }
  };
}

function findItems(doc: JsonDocument): JsonNode | undefined {
  const items = doc.find(doc.find(doc.root, '_embedded'), 'items');
  return items !== undefined && doc.kind(items) === 'array' ? items : undefined;
}

async function filterPage(doc: JsonDocument, items: JsonNode, settings: PageFilterSettings): Promise<CatalogReply> {
  const { ask, entity, view, request } = settings;
  // The upstream has left out what is hidden; a product that was moved a moment ago may still be among them.
  const seen = doc.items(items).filter((item) => seesEntity(doc, item, view));
  const references = new ReferenceSet();
  for (const item of seen) collectReferences(doc, item, entity, references, { isShown: view.seesAttribute });
  const visible = await findVisible(ask, view, references);
  const writer = new JsonWriter();
  const links = buildPageLinks(request, readNeighbours(doc, settings));
  writer.raw(`{"_links":${JSON.stringify(links)}`);
  for (const key of counts) {
    const count = doc.find(doc.root, key);
    if (count === undefined || doc.kind(count) !== 'number') continue;
    writer.raw(`,"${key}":`);
    writer.copy(doc, count);
  }
  writer.raw(',"_embedded":{"items":[');
  seen.forEach((item, at) => {
    if (at > 0) writer.raw(',');
    writeEntity(writer, doc, item, { entity, view, visible });
  });
  writer.raw(']}}');
  return { status: 200, contentType: jsonType, body: writer.finish() };
}

function readNeighbours(doc: JsonDocument, { seal }: PageFilterSettings) {
  const links = doc.find(doc.root, '_links');
  const next = doc.string(doc.find(doc.find(links, 'next'), 'href'));
  const cursor = next && readCursor(next);
  return {
    hasPrevious: doc.find(links, 'previous') !== undefined,
    hasNext: next !== undefined,
    nextCursor: cursor === undefined ? undefined : seal(cursor),
  };
}

/** The upstream's cursor in the query of a link. */
function readCursor(href: string): string | undefined {
  const query = href.slice(href.indexOf('?') + 1).split('#', 1)[0] ?? '';
  return new URLSearchParams(query).get('search_after') ?? undefined;
}
