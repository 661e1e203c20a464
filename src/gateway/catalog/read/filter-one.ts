import { buildErrorBody, type CatalogReply, type ReplyFilter, refuse } from '../catalog-plan.ts';
import type { AskUpstream } from '../catalog-upstream.ts';
import { buildMissingMessage, type Entity } from '../entity.ts';
import type { JsonDocument } from '../json/json-document.ts';
import { JsonWriter } from '../json/json-writer.ts';
import { isDocument, parseJson } from '../json/parse-json.ts';
import { findVisible } from '../lookup/find-visible.ts';
import { ReferenceSet } from '../lookup/reference-set.ts';
import type { GroupView } from '../rights/group-view.ts';
import { refuseUnavailable } from './build-unavailable.ts';
import { collectReferences } from './collect-references.ts';
import { type Asked, filterError, jsonType, unusableReply } from './filter-error.ts';
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
  const missing = buildMissingMessage(settings.entity, settings.id);
  return async (status, body) => {
    if (status === 404) return { status, contentType: jsonType, body: buildErrorBody(status, missing) };
    const doc = status === 200 ? parseJson(body) : undefined;
    if (doc === undefined || !isDocument(doc) || doc.kind(doc.root) !== 'object') {
      return status === 200 ? refuse(502, unusableReply) : filterError(status, body, settings.asked);
    }
    if (!seesEntity(doc, doc.root, settings.view)) return refuse(404, missing);
    return await filterOne(doc, settings).catch(refuseUnavailable);
  };
}

async function filterOne(doc: JsonDocument, { ask, entity, view }: OneFilterSettings): Promise<CatalogReply> {
  const references = new ReferenceSet();
  collectReferences(doc, doc.root, entity, references, { isShown: view.seesAttribute });
  const visible = await findVisible(ask, view, references);
  const writer = new JsonWriter();
  writeEntity(writer, doc, doc.root, { entity, view, visible });
  return { status: 200, contentType: jsonType, body: writer.finish() };
}
