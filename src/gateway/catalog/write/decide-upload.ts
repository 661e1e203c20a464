import { type CatalogCall, type CatalogRefusal, type ReplyFilter, refuse } from '../catalog-plan.ts';
import { type Entity, entities } from '../entity.ts';
import { isDocument, parseJson } from '../json/parse-json.ts';
import { ReferenceSet } from '../lookup/reference-set.ts';
import { readParameters } from '../query/read-parameters.ts';
import { buildForbidden } from './build-forbidden.ts';
import { checkUuid } from './decide-single.ts';
import { buildWriteFilter } from './filter-write.ts';
import { findObstacles } from './find-obstacles.ts';
import { type FactContext, gatherFacts, readBefore } from './gather-facts.ts';
import { openUpload, readBoundary } from './multipart-gate.ts';
import type { WriteClaims } from './write-claims.ts';

/** A file and the value that it becomes. */
export interface UploadForward {
  readonly kind: 'forward';
  readonly path: string;
  /** Every byte as it came; throws `UnjudgedPart` when something follows the file, and then has no end. */
  readonly body: AsyncIterable<Buffer>;
  readonly filter: ReplyFilter;
}

interface UploadTarget {
  readonly entity: Entity;
  readonly name: string;
  readonly attribute: string;
  readonly locale: string | undefined;
}

const noParameters: ReadonlySet<string> = new Set();

/**
 * Decides about a new file by the part that says where it goes, which comes before it. Nothing of the file is kept.
 * Rejects with `CatalogUnavailable`.
 */
export async function decideUpload(
  call: CatalogCall,
  contentType: string | undefined,
  body: AsyncIterable<Uint8Array>,
  context: Omit<FactContext, 'entity'>,
): Promise<UploadForward | CatalogRefusal> {
  const parameters = readParameters(call.target.query, noParameters);
  if ('kind' in parameters) return parameters;
  const boundary = readBoundary(contentType);
  if (typeof boundary === 'object') return boundary;
  const upload = await openUpload(boundary, body);
  if ('kind' in upload) return upload;
  const [part, second] = upload.parts;
  if (part === undefined) return buildForbidden(['a file without a "product" or "product_model" part before it']);
  if (second !== undefined) return refuse(422, 'You should give either a "product" or a "product_model" key.');
  const target = readTarget(part.name, part.content);
  if ('kind' in target) return target;
  const refusal = await judge(target, { ...context, entity: target.entity });
  if (refusal !== undefined) return refusal;
  const filter = buildWriteFilter({ text: part.content.toString(), view: context.view });
  return { kind: 'forward', path: call.target.path, body: upload.body, filter };
}

const targetKeys = new Set(['identifier', 'uuid', 'code', 'attribute', 'scope', 'locale']);

function readTarget(part: string, content: Buffer): UploadTarget | CatalogRefusal {
  const doc = parseJson(content);
  if (doc === 'key twice') return refuse(400, `The "${part}" part has a key twice.`);
  if (!isDocument(doc) || doc.kind(doc.root) !== 'object') return refuse(400, 'Invalid json message received');
  const unknown = doc.members(doc.root).find(({ key }) => !targetKeys.has(key));
  if (unknown !== undefined) return buildForbidden([`property "${unknown.key}" (not known)`]);
  const text = (key: string): string | undefined => doc.string(doc.find(doc.root, key));
  const isNull = (key: string): boolean => doc.kind(doc.find(doc.root, key) ?? doc.root) === 'null';
  const isModel = part === 'product_model';
  const keys = (isModel ? ['code'] : ['identifier', 'uuid']).filter((key) => text(key) !== undefined);
  const [key = ''] = keys;
  const name = text(key);
  const attribute = text('attribute');
  const isComplete = attribute !== undefined && (text('locale') !== undefined || isNull('locale'));
  if (keys.length !== 1 || name === undefined || !isComplete) {
    const first = isModel ? 'code' : 'identifier';
    const noun = isModel ? 'Product model' : 'Product';
    return refuse(422, `${noun} property must contain "${first}", "attribute", "locale" and "scope" properties.`);
  }
  if (key === 'uuid') {
    const checked = checkUuid(name);
    if (typeof checked === 'object') return checked;
  }
  const entity = isModel ? entities['product-models'] : key === 'uuid' ? entities['products-uuid'] : entities.products;
  return { entity, name, attribute, locale: text('locale') };
}

async function judge(target: UploadTarget, context: FactContext): Promise<CatalogRefusal | undefined> {
  const { entity, name, attribute, locale } = target;
  const before = (await readBefore([name], context))(name);
  if (before === 'unclear') return buildForbidden([`"${name}" (cannot be looked up by this name)`]);
  const noun = entity.kind === 'product-models' ? 'Product model' : 'Product';
  if (before === undefined) return refuse(422, `${noun} "${name}" does not exist.`);
  const claims = buildClaims(attribute, locale);
  const [facts] = await gatherFacts([{ name, claims, before }], context);
  const obstacles = facts === undefined ? [] : findObstacles(entity, claims, facts, context.view);
  return obstacles.length === 0 ? undefined : buildForbidden(obstacles);
}

function buildClaims(attribute: string, locale: string | undefined): WriteClaims {
  return {
    identifier: undefined,
    uuid: undefined,
    code: undefined,
    categories: undefined,
    addedCategories: [],
    removedCategories: [],
    parent: undefined,
    values: [{ attribute, locale }],
    references: new ReferenceSet(),
  };
}
