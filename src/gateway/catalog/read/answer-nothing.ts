import { type CatalogCall, type CatalogPlan, refuse } from '../catalog-plan.ts';
import { buildMissingMessage, type Entity } from '../entity.ts';
import { nothingView } from '../rights/group-view.ts';
import { checkListRequest, readListRequest } from './decide-list.ts';
import { jsonType } from './filter-error.ts';
import { buildPageLinks } from './page-links.ts';

/** A list for a group that sees nothing: a page without items, and no question to the upstream. */
export function answerEmptyList(call: CatalogCall, body: Buffer | undefined): CatalogPlan {
  const list = readListRequest(call, body);
  if ('kind' in list) return list;
  const search = checkListRequest(list, nothingView);
  if (search !== undefined && 'kind' in search) return search;
  const [parent] = search?.parents ?? [];
  if (parent !== undefined) return refuse(422, `Object "product model" with code "${parent}" does not exist`);
  const isCursor = list.parameters.get('pagination_type') === 'search_after';
  const isCounted = !isCursor && list.parameters.get('with_count') === 'true';
  const page = {
    _links: buildPageLinks(list.page, { hasPrevious: false, hasNext: false }),
    ...(!isCursor && { current_page: Number(list.parameters.get('page') ?? '1') }),
    ...(isCounted && { items_count: 0 }),
    _embedded: { items: [] },
  };
  return { kind: 'answer', status: 200, contentType: jsonType, body: Buffer.from(JSON.stringify(page)) };
}

/** One entity for such a group. */
export function refuseMissing(call: CatalogCall, entity: Entity): CatalogPlan {
  return refuse(404, buildMissingMessage(entity, call.routes.parameters[0] ?? ''));
}
