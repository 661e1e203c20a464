import type { Sample, SampleEntity } from './build-sample.ts';
import { matchSearch, type SearchQuestion } from './match-search.ts';
import { showEntity } from './show-entity.ts';

/** A request as it reaches the PIM. */
export interface PimRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body?: Buffer | undefined;
}

export interface PimReply {
  readonly status: number;
  readonly body: Buffer;
}

type Kind = 'products' | 'products-uuid' | 'product-models' | 'published-products';

const root = '/api/rest/v1/';
const say = (status: number, value?: unknown): PimReply => ({
  status,
  body: Buffer.from(value === undefined ? '' : JSON.stringify(value)),
});
const error = (code: number, message: string): PimReply => say(code, { code, message });

/**
 * Answers as the PIM does, to whoever asks: it knows no rights. It reads queries like PHP: `search.after` is
 * `search_after`, and of two values the last one counts.
 */
export class SamplePim {
  sample: Sample;
  /** Every request since the start, as `METHOD path`. */
  readonly asked: string[] = [];

  constructor(sample: Sample) {
    this.sample = sample;
  }

  ask(request: PimRequest): PimReply {
    this.asked.push(`${request.method} ${request.path}`);
    const [collection = '', ...rest] = request.path.slice(root.length).split('/').map(decodeURIComponent);
    const query = readPhpQuery(request.query);
    if (collection === 'categories') return listPlain(this.sample.categories, query);
    if (collection === 'attributes') return listPlain(this.sample.attributes, query);
    if (collection === 'channels') return listPlain(this.sample.channels, query);
    if (collection === 'media-files') return say(request.method === 'POST' ? 201 : 200, { code: rest.join('/') });
    if (!isKind(collection)) return error(404, 'No route found');
    const id = rest.join('/');
    if (request.method === 'POST' && id === 'search') {
      const choice = Object.entries(parse(request.body)).map(([name, value]) => [name, String(value)]);
      return this.#list(collection, { ...query, ...Object.fromEntries(choice) });
    }
    if (request.method === 'GET' && id === '') return this.#list(collection, query);
    if (request.method === 'GET') return this.#one(collection, id, query);
    if (request.method === 'DELETE') return this.#delete(collection, id);
    if (request.method === 'PATCH' && id === '') return this.#writeLines(collection, request.body);
    return this.#write(collection, id === '' ? undefined : id, parse(request.body));
  }

  /** Where entities of this kind are kept. */
  entities(kind: Kind): Map<string, SampleEntity> {
    if (kind === 'product-models') return this.sample.models;
    return kind === 'published-products' ? this.sample.published : this.sample.products;
  }

  find(kind: Kind, id: string): SampleEntity | undefined {
    if (kind !== 'products-uuid') return this.entities(kind).get(id);
    return [...this.sample.products.values()].find(({ uuid }) => uuid === id.toLowerCase());
  }

  #list(kind: Kind, question: SearchQuestion): PimReply {
    const limit = Number(question.limit ?? 10);
    if (limit > 100) return error(422, 'You cannot request more than 100 items.');
    const found = matchSearch(this.sample, [...this.entities(kind).values()], question);
    if (typeof found === 'string') return error(422, found);
    const isCursor = question.pagination_type === 'search_after';
    const after = isCursor && question.search_after ? Buffer.from(question.search_after, 'base64').toString() : '';
    const page = Number(question.page ?? 1);
    const from = isCursor ? found.findIndex((entity) => nameOf(entity) === after) + 1 : (page - 1) * limit;
    const items = found.slice(from, from + limit);
    const link = (over: Record<string, string>) => ({
      href: `http://pim.internal${root}${kind}?${new URLSearchParams({ ...(question as object), ...over })}`,
    });
    const last = items.at(-1);
    const next = isCursor
      ? items.length === limit && last && link({ search_after: Buffer.from(nameOf(last)).toString('base64') })
      : items.length === limit && link({ page: String(page + 1) });
    return say(200, {
      _links: {
        self: link({}),
        first: link({ page: '1' }),
        ...(!isCursor && page > 1 && { previous: link({ page: String(page - 1) }) }),
        ...(next && { next }),
      },
      ...(!isCursor && { current_page: page }),
      ...(!isCursor && question.with_count === 'true' && { items_count: found.length }),
      _embedded: {
        items: items.map((entity) => ({
          _links: {
            self: { href: `http://pim.internal${root}${kind}/${nameOf(entity)}` },
            secret: { href: 'VX_secretX' },
          },
          ...showEntity(this.sample, kind, entity, question),
        })),
      },
    });
  }

  #one(kind: Kind, id: string, question: SearchQuestion): PimReply {
    const entity = this.find(kind, id);
    if (entity === undefined) return error(404, `Product "${id}" does not exist.`);
    return say(200, showEntity(this.sample, kind, entity, question));
  }

  #delete(kind: Kind, id: string): PimReply {
    const entity = this.find(kind, id);
    if (entity === undefined) return error(404, 'The product does not exist in your PIM.');
    this.entities(kind).delete(nameOf(entity));
    if (kind === 'product-models') {
      for (const [name, { parent }] of this.sample.products) if (parent === id) this.sample.products.delete(name);
      for (const [name, { parent }] of this.sample.models) if (parent === id) this.#delete(kind, name);
    }
    return say(204);
  }

  #writeLines(kind: Kind, body: Buffer | undefined): PimReply {
    const key = kind === 'product-models' ? 'code' : kind === 'products-uuid' ? 'uuid' : 'identifier';
    const lines = String(body ?? '')
      .replace(/\n$/, '')
      .split('\n');
    const replies = lines.map((line, at) => {
      const data = parse(Buffer.from(line));
      const reply = this.#write(kind, String(data[key]), data);
      const detail = reply.body.length > 0 ? (JSON.parse(reply.body.toString()) as { message: string }) : undefined;
      return JSON.stringify({
        line: at + 1,
        [key]: data[key],
        status_code: reply.status,
        ...(detail && { message: detail.message }),
      });
    });
    return { status: 200, body: Buffer.from(replies.join('\n')) };
  }

  #write(kind: Kind, id: string | undefined, data: Record<string, unknown>): PimReply {
    const name =
      id ?? String(data[kind === 'product-models' ? 'code' : kind === 'products-uuid' ? 'uuid' : 'identifier']);
    const before = this.find(kind, name);
    if (before !== undefined && id === undefined) return error(422, `"${name}" is taken, see "P0001X".`);
    if (data.family === 'wrong') return error(422, `Family "wrong" of "${name}" is not that of its sibling "P0001X".`);
    const entity = before ?? newEntity(kind, name);
    for (const [key, value] of Object.entries(data)) {
      if (key === 'values') mergeValues(entity, value as SampleEntity['values']);
      else if (key === 'associations') mergeAssociations(entity, value as SampleEntity['associations']);
      else if (key === 'categories') entity.categories = value as string[];
      else if (key === 'parent') setParent(this.sample, entity, value as string | null);
      else if (key === 'enabled') entity.enabled = value as boolean;
      else if (key === 'family') entity.family = value as string;
    }
    this.entities(kind).set(nameOf(entity), entity);
    return say(before === undefined ? 201 : 204);
  }
}

export function nameOf(entity: SampleEntity): string {
  return entity.code ?? entity.identifier ?? entity.uuid ?? '';
}

function newEntity(kind: Kind, name: string): SampleEntity {
  const names =
    kind === 'product-models' ? { code: name } : kind === 'products-uuid' ? { uuid: name } : { identifier: name };
  return {
    ...names,
    family: 'shirts',
    enabled: true,
    parent: null,
    categories: [],
    values: {},
    associations: {},
    quantified_associations: {},
  };
}

/** A product that leaves its parent keeps everything. */
function setParent(sample: Sample, entity: SampleEntity, parent: string | null): void {
  if (parent === null) entity.categories = [...new Set([...entity.categories, ...inheritedCategories(sample, entity)])];
  entity.parent = parent;
}

/** Categories of the models above. */
export function inheritedCategories(sample: Sample, { parent }: SampleEntity): string[] {
  const above = parent === null ? undefined : sample.models.get(parent);
  return above === undefined ? [] : [...above.categories, ...inheritedCategories(sample, above)];
}

function mergeValues(entity: SampleEntity, values: SampleEntity['values']): void {
  for (const [code, list] of Object.entries(values)) {
    const kept = (entity.values[code] ?? []).filter(
      (old) => !list.some((value) => value.locale === old.locale && value.scope === old.scope),
    );
    entity.values[code] = [...kept, ...list];
  }
}

function mergeAssociations(entity: SampleEntity, associations: SampleEntity['associations']): void {
  for (const [type, lists] of Object.entries(associations)) {
    entity.associations[type] = { ...entity.associations[type], ...lists };
  }
}

function listPlain(rows: readonly object[], question: SearchQuestion): PimReply {
  const limit = Number(question.limit ?? 10);
  const page = Number(question.page ?? 1);
  const items = rows.slice((page - 1) * limit, page * limit);
  return say(200, {
    _links: { ...(items.length === limit && { next: { href: 'http://pim.internal/' } }) },
    _embedded: { items },
  });
}

function isKind(collection: string): collection is Kind {
  return ['products', 'products-uuid', 'product-models', 'published-products'].includes(collection);
}

function parse(body: Buffer | undefined): Record<string, never> {
  return JSON.parse(String(body ?? '{}'));
}

function readPhpQuery(query: string): SearchQuestion {
  const read: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    read[name.replace(/^ +/, '').replace(/\[.*$/, '').replace(/[. ]/g, '_')] = value;
  }
  return read;
}
