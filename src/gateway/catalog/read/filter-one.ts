import { buildErrorBody, type CatalogReply, type ReplyFilter } from '../catalog-plan.ts';
import type { AskUpstream } from '../catalog-upstream.ts';
import { buildMissingMessage, type Entity } from '../entity.ts';
import type { JsonDocument } from '../json/json-document.ts';
import { JsonWriter } from '../json/json-writer.ts';
import { isDocument, parseJson } from '../json/parse-json.ts';
import { findVisible } from '../lookup/find-visible.ts';
import { ReferenceSet } from '../lookup/reference-set.ts';
import type { GroupView } from '../rights/group-view.ts';
import { buildUnavailable } from './build-unavailable.ts';
import { collectReferences } from './collect-references.ts';
import { type Asked, filterError, jsonType } from './filter-error.ts';
import { seesEntity, writeEntity } from './write-entity.ts';

/** What the reply about one entity is filtered by. */
export interface OneFilterSettings {
  readonly ask: AskUpstream;
  readonly entity: Entity;
  readonly view: GroupView;
  /** Its name as the client wrote it. */
  readonly id: string;
  readonly asked: Asked;
}

/** Makes of the upstream's reply what the group may see: the same 404 for what is hidden and what is not there. */
export function buildOneFilter(settings: OneFilterSettings): ReplyFilter {
  return async (status, body) => {
    if (status === 404) return buildMissingReply(settings.entity, settings.id);
    const doc = status === 200 ? parseJson(body) : undefined;
    if (doc === undefined || !isDocument(doc) || doc.kind(doc.root) !== 'object') {
      return filterError(status === 200 ? 502 : status, body, settings.asked);
    }
    if (!seesEntity(doc, doc.root, settings.view)) return buildMissingReply(settings.entity, settings.id);
    return await filterOne(doc, settings).catch(buildUnavailable);
  };
}

/** 404 in the PIM's words. */
export function buildMissingReply(entity: Entity, id: string): CatalogReply {
  return { status: 404, contentType: jsonType, body: buildErrorBody(404, buildMissingMessage(entity, id)) };
}

async function filterOne(doc: JsonDocument, { ask, entity, view }: OneFilterSettings): Promise<CatalogReply> {
  const references = new ReferenceSet();
  collectReferences(doc, doc.root, entity, references, { isShown: view.seesAttribute });
  const visible = await findVisible(ask, view, references);
  const writer = new JsonWriter();
  writeEntity(writer, doc, doc.root, { entity, view, visible });
  return { status: 200, contentType: jsonType, body: writer.finish() };
}
