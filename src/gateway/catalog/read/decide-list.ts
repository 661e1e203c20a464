import { createHash } from 'node:crypto';
import { type CatalogCall, type CatalogPlan, type CatalogRefusal, refuse } from '../catalog-plan.ts';
import type { AskUpstream } from '../catalog-upstream.ts';
import type { Entity } from '../entity.ts';
import { findVisible } from '../lookup/find-visible.ts';
import { ReferenceSet } from '../lookup/reference-set.ts';
import { buildQuery } from '../query/build-query.ts';
import { buildSearch } from '../query/build-search.ts';
import { buildCategoryCondition, type CategoryFilter } from '../query/category-condition.ts';
import {
  booleanParameters,
  buildUpstreamParameter,
  checkListParameters,
  choiceParameters,
  pageParameters,
} from '../query/check-list-parameters.ts';
import { type Parameters, readParameters } from '../query/read-parameters.ts';
import { type CheckedSearch, readSearch } from '../query/read-search.ts';
import { readSearchBody } from '../query/read-search-body.ts';
import { type CursorKeys, openCursor, sealCursor } from '../query/seal-cursor.ts';
import type { GroupView } from '../rights/group-view.ts';
import type { CatalogStructure } from '../structure/catalog-structure.ts';
import { buildPageFilter } from './filter-page.ts';
import type { PageRequest } from './page-links.ts';

/** What a decision about a list needs beside the call. */
export interface ListContext {
  readonly ask: AskUpstream;
  readonly structure: CatalogStructure;
  readonly cursorKeys: CursorKeys;
  readonly entity: Entity;
  readonly view: GroupView;
}

/** A list that was asked for in the query, or in the body of a `…/search`. */
export interface ListRequest {
  readonly page: PageRequest;
  /** From query and body. */
  readonly parameters: Parameters;
  /** The parameters that stand in the body; absent: they stand in the query. */
  readonly body?: Parameters;
}

const pageNames: ReadonlySet<string> = new Set(pageParameters);
const allNames: ReadonlySet<string> = new Set([...pageParameters, ...choiceParameters]);

/** Reads what is asked for. `body` is needed for a POST. */
export function readListRequest(call: CatalogCall, body: Buffer | undefined): ListRequest | CatalogRefusal {
  const { path, query } = call.target;
  if (call.method !== 'POST') {
    const parameters = readParameters(query, allNames);
    return 'kind' in parameters ? parameters : { page: { path, parameters }, parameters };
  }
  const parameters = readParameters(query, pageNames);
  if ('kind' in parameters) return parameters;
  const choice = readSearchBody(body ?? Buffer.alloc(0));
  if ('kind' in choice) return choice;
  return { page: { path, parameters }, parameters: new Map([...parameters, ...choice]), body: choice };
}

/** Checks the parameters of a list against what the group sees. */
export function checkListRequest(
  { parameters }: ListRequest,
  view: GroupView,
): CheckedSearch | CatalogRefusal | undefined {
  const refusal = checkListParameters(parameters, view);
  if (refusal !== undefined) return refusal;
  const search = parameters.get('search');
  return search === undefined ? undefined : readSearch(search, parameters.get('search_locale'), view);
}

/** Decides about a list: refused, or forwarded with the group's condition. Rejects with `CatalogUnavailable`. */
export async function decideList(call: CatalogCall, list: ListRequest, context: ListContext): Promise<CatalogPlan> {
  const search = checkListRequest(list, context.view);
  if (search !== undefined && 'kind' in search) return search;
  const filters = await findCategoryFilters(list, search, context);
  if ('kind' in filters) return filters;
  const hidden = await findHiddenParent(search?.parents ?? [], context);
  if (hidden !== undefined) return hidden;
  const binding = buildBinding(call, list);
  const keys = context.cursorKeys();
  const sealed = list.parameters.get('search_after') ?? '';
  const cursor = sealed === '' ? '' : openCursor(sealed, binding, keys);
  if (cursor === undefined) return refuse(422, 'The parameter "search_after" is no cursor of this list.');
  const upstream = buildUpstreamParameters(list, context.view, buildSearch(search?.doc, filters), cursor);
  return {
    kind: 'forward',
    method: call.method === 'HEAD' ? 'GET' : call.method,
    path: call.target.path,
    query: buildQuery(upstream.query),
    ...(upstream.body !== undefined && { body: upstream.body }),
    filter: buildPageFilter({
      ask: context.ask,
      entity: context.entity,
      view: context.view,
      request: list.page,
      asked: { text: [...list.parameters].flat().join('\n'), view: context.view },
      seal: (next) => sealCursor(next, binding, keys),
    }),
  };
}

/** The group's condition; beside it the tree of the channel, which the PIM adds itself only to a list without one. */
async function findCategoryFilters(
  { parameters }: ListRequest,
  search: CheckedSearch | undefined,
  { structure, view }: ListContext,
): Promise<readonly CategoryFilter[] | CatalogRefusal> {
  const condition = buildCategoryCondition(view);
  if (condition === undefined) return [];
  if ('kind' in condition) return condition;
  const scope = parameters.get('scope');
  if (scope === undefined || search?.namesCategories === true) return [condition];
  const tree = (await structure.channels()).get(scope);
  if (tree === undefined) return refuse(422, `Scope "${scope}" does not exist.`);
  return [{ operator: 'IN CHILDREN', value: [tree] }, condition];
}

async function findHiddenParent(parents: readonly string[], context: ListContext): Promise<CatalogRefusal | undefined> {
  const references = new ReferenceSet();
  for (const parent of parents) references.add('model', parent);
  const visible = await findVisible(context.ask, context.view, references);
  const hidden = parents.find((parent) => !visible.has('model', parent));
  return hidden === undefined ? undefined : refuse(422, `Object "product model" with code "${hidden}" does not exist`);
}

/** A cursor is good for one connection and one list: everything that was asked but the cursor itself. */
function buildBinding(call: CatalogCall, { parameters }: ListRequest): string {
  const others = [...parameters].filter(([name]) => name !== 'search_after').sort(([a], [b]) => (a < b ? -1 : 1));
  const list = createHash('sha256').update(JSON.stringify(others)).digest('base64');
  return JSON.stringify([call.connection, call.target.path, list]);
}

interface UpstreamParameters {
  readonly query: Iterable<readonly [string, string]>;
  readonly body?: Buffer;
}

function buildUpstreamParameters(
  list: ListRequest,
  view: GroupView,
  search: string | undefined,
  cursor: string,
): UpstreamParameters {
  const built = new Map<string, string>();
  for (const [name, value] of list.parameters) {
    const kept = name === 'search' || name === 'search_after' ? undefined : buildUpstreamParameter(name, value, view);
    if (kept !== undefined) built.set(name, kept);
  }
  if (cursor !== '') built.set('search_after', cursor);
  if (search !== undefined) built.set('search', search);
  if (list.body === undefined) return { query: built };
  const inQuery = [...built].filter(([name]) => pageNames.has(name));
  const inBody = [...built].filter(([name]) => !pageNames.has(name));
  return { query: inQuery, body: Buffer.from(JSON.stringify(Object.fromEntries(inBody.map(readBoolean)))) };
}

function readBoolean([name, value]: readonly [string, string]): readonly [string, string | boolean] {
  return [name, booleanParameters.has(name) ? value === 'true' : value];
}
