import { matchSearch } from './match-search.ts';
import type { Entity, EntityTable } from './sample-data.ts';
import { buildFailure, buildJson, type SampleReply, type SampleRequest } from './sample-reply.ts';

/** How one kind of entity is called and served. */
export interface EntityKind {
  /** As in the path: `products`. */
  readonly plural: string;
  /** As in messages: `Product`. */
  readonly name: string;
  /** The field that names one. */
  readonly key: 'identifier' | 'code';
  readonly table: EntityTable;
  /** Categories that a search may name. */
  readonly categories: EntityTable;
}

const mostOnPage = 100;
const mostLines = 100;
const collectionType = 'application/vnd.akeneo.collection+json';

/** Lists, reads, creates, changes and deletes entities of one kind, as the PIM does. */
export function answerEntities(kind: EntityKind, request: SampleRequest): SampleReply {
  const [, ...rest] = request.path;
  const key = rest.join('/');
  if (key === '') return answerCollection(kind, request);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readOne(kind, key, request.origin);
    case 'PATCH':
      return writeBody(kind, key, request);
    case 'DELETE':
      return kind.table.delete(key) ? { status: 204 } : notFound(kind, key);
    default:
      return buildFailure(405, 'Method Not Allowed');
  }
}

function answerCollection(kind: EntityKind, request: SampleRequest): SampleReply {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return listPage(kind, request);
    case 'POST':
      return writeBody(kind, undefined, request);
    case 'PATCH':
      return writeLines(kind, request);
    default:
      return buildFailure(405, 'Method Not Allowed');
  }
}

function listPage({ plural, key, table, categories }: EntityKind, { query, origin }: SampleRequest): SampleReply {
  const [page, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 10)];
  if (!(page >= 1)) return buildFailure(422, `"${page}" is not a valid page number.`);
  if (!(limit >= 1 && limit <= mostOnPage))
    return buildFailure(422, `You cannot request more than ${mostOnPage} items.`);
  const base = `${origin}/api/rest/v1/${plural}`;
  const link = (number: number): { readonly href: string } => {
    const changed = new URLSearchParams(query);
    changed.set('page', String(number));
    changed.set('limit', String(limit));
    return { href: `${base}?${changed}` };
  };
  const all = matchSearch([...table.values()], { search: query.get('search'), categories });
  if (typeof all === 'string') return buildFailure(422, all);
  const shown = all.slice((page - 1) * limit, page * limit);
  return buildJson(200, {
    _links: {
      self: link(page),
      first: link(1),
      ...(page > 1 && { previous: link(page - 1) }),
      ...(all.length > page * limit && { next: link(page + 1) }),
    },
    current_page: page,
    ...(query.get('with_count') === 'true' && { items_count: all.length }),
    _embedded: {
      items: shown.map((entity) => ({
        _links: { self: { href: `${base}/${encodeURIComponent(String(entity[key]))}` } },
        ...entity,
      })),
    },
  });
}

function readOne(kind: EntityKind, key: string, origin: string): SampleReply {
  const entity = kind.table.get(key);
  if (entity === undefined) return notFound(kind, key);
  const href = `${origin}/api/rest/v1/${kind.plural}/${encodeURIComponent(key)}`;
  return buildJson(200, { _links: { self: { href } }, ...entity });
}

/** One entity in the body: created under its own key, or changed under `key`. */
function writeBody(kind: EntityKind, key: string | undefined, { body, origin }: SampleRequest): SampleReply {
  const entity = parse(body.toString('utf8'));
  if (entity === undefined) return buildFailure(400, 'Invalid json message received');
  const named = key ?? entity[kind.key];
  if (typeof named !== 'string' || named === '')
    return buildFailure(422, `Property "${kind.key}" is expected to be a text.`);
  if (key === undefined && kind.table.has(named)) return buildFailure(422, `The ${kind.key} ${named} is already used.`);
  const status = write(kind, named, entity);
  return { status, headers: { location: `${origin}/api/rest/v1/${kind.plural}/${encodeURIComponent(named)}` } };
}

/** One entity a line; each line is answered by one of its own. */
function writeLines(kind: EntityKind, { contentType, body }: SampleRequest): SampleReply {
  if (contentType !== collectionType)
    return buildFailure(
      415,
      `"${contentType}" in "Content-Type" header is not valid. Only "${collectionType}" is allowed.`,
    );
  const lines = body
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length > mostLines)
    return buildFailure(413, `Too many resources to process, ${mostLines} is the maximum allowed.`);
  const answers = lines.map((text, index) => {
    const line = index + 1;
    const entity = parse(text);
    const named = entity?.[kind.key];
    if (entity === undefined) return { line, status_code: 400, message: 'Invalid json message received' };
    if (typeof named !== 'string' || named === '')
      return { line, status_code: 422, message: `${kind.key} is missing.` };
    return { line, [kind.key]: named, status_code: write(kind, named, entity) };
  });
  const text = answers.map((answer) => JSON.stringify(answer)).join('\n');
  return { status: 200, headers: { 'content-type': collectionType }, body: text };
}

/** 201 for a new one, 204 for a change. Fields that are not named stay as they are, values are merged by attribute. */
function write({ key, table }: EntityKind, named: string, change: Entity): number {
  const { _links: _, ...fields } = change;
  const known = table.get(named);
  const values = { ...(known?.values as object | undefined), ...(change.values as object | undefined) };
  const merged = { ...known, ...fields, [key]: named, ...(Object.keys(values).length > 0 && { values }) };
  table.set(named, merged);
  return known === undefined ? 201 : 204;
}

function parse(text: string): Entity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entity) : undefined;
  } catch {
    return undefined;
  }
}

function notFound({ name }: EntityKind, key: string): SampleReply {
  return buildFailure(404, `${name} '${key}' does not exist.`);
}
