import { type CatalogCall, type CatalogPlan, type CatalogRefusal, refuse } from '../catalog-plan.ts';
import type { Entity } from '../entity.ts';
import { isDocument, parseJson } from '../json/parse-json.ts';
import { readParameters } from '../query/read-parameters.ts';
import { buildForbidden } from './build-forbidden.ts';
import { buildWriteFilter } from './filter-write.ts';
import { findObstacles } from './find-obstacles.ts';
import { type FactContext, gatherFacts, readBefore } from './gather-facts.ts';
import { readClaims } from './read-claims.ts';
import type { WriteClaims } from './write-claims.ts';

const noParameters: ReadonlySet<string> = new Set();
/** The PIM's words. */
const notJson = 'Invalid json message received';

/**
 * Decides about one new or changed entity, and forwards exactly the bytes that were judged. Rejects with
 * `CatalogUnavailable`.
 */
export async function decideSingle(call: CatalogCall, body: Buffer, context: FactContext): Promise<CatalogPlan> {
  const parameters = readParameters(call.target.query, noParameters);
  if ('kind' in parameters) return parameters;
  const claims = parseClaims(body, context.entity);
  if ('kind' in claims) return claims;
  const name = findName(call, claims, context.entity);
  if (typeof name === 'object') return name;
  const before = name === undefined ? undefined : (await readBefore([name], context))(name);
  if (before === 'unclear') return buildForbidden([`"${name}" (cannot be looked up by this name)`]);
  const [facts] = await gatherFacts([{ name, claims, before }], context);
  const obstacles = facts === undefined ? [] : findObstacles(context.entity, claims, facts, context.view);
  if (obstacles.length > 0) return buildForbidden(obstacles);
  const asked = { text: `${name ?? ''}\n${body}`, view: context.view };
  return {
    kind: 'forward',
    method: call.method,
    path: call.target.path,
    query: '',
    body,
    filter: buildWriteFilter(asked),
  };
}

/** Reads one JSON object as a write. */
export function parseClaims(body: Buffer, entity: Entity): WriteClaims | CatalogRefusal {
  const doc = parseJson(body);
  if (doc === 'key twice') return refuse(400, 'The JSON message has a key twice.');
  if (!isDocument(doc) || doc.kind(doc.root) !== 'object') return refuse(400, notJson);
  return readClaims(doc, doc.root, entity);
}

/** The name in the path, else the one in the body; `undefined`: a new product without one. */
function findName(call: CatalogCall, claims: WriteClaims, entity: Entity): string | undefined | CatalogRefusal {
  const inBody = claims[entity.idKey];
  const inPath = call.method === 'PATCH' ? call.routes.parameters[0] : undefined;
  // Products change their identifier like that; the others never change their name.
  if (inPath !== undefined && inBody !== undefined && inBody !== inPath && entity.kind !== 'products') {
    const key = entity.idKey;
    return refuse(
      422,
      `The ${key} "${inBody}" provided in the request body must match the ${key} "${inPath}" provided in the url.`,
    );
  }
  const name = inPath ?? inBody;
  return name === undefined || entity.idKey !== 'uuid' ? name : checkUuid(name);
}

/** The uuid itself, or why it is none. */
export function checkUuid(name: string): string | CatalogRefusal {
  const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name);
  return isUuid ? name : refuse(422, `"${name}" is not a valid uuid.`);
}
