import { type CatalogCall, type CatalogPlan, refuse } from '../catalog-plan.ts';
import { askUpstream, CatalogUnavailable } from '../catalog-upstream.ts';
import { buildMissingMessage, entities } from '../entity.ts';
import { readOneState } from '../lookup/entity-state.ts';
import { buildQuery } from '../query/build-query.ts';
import type { CategoryFilter } from '../query/category-condition.ts';
import { readParameters } from '../query/read-parameters.ts';
import { parseRow } from '../upstream-page.ts';
import { buildForbidden } from './build-forbidden.ts';
import { buildWriteFilter } from './filter-write.ts';
import type { FactContext } from './gather-facts.ts';

const noParameters: ReadonlySet<string> = new Set();

/** Decides about a deletion: what is not seen is not there, what is not owned stays. Rejects with `CatalogUnavailable`. */
export async function decideDelete(call: CatalogCall, context: FactContext): Promise<CatalogPlan> {
  const { ask, entity, view } = context;
  const parameters = readParameters(call.target.query, noParameters);
  if ('kind' in parameters) return parameters;
  const name = call.routes.parameters[0] ?? '';
  const before = await readOneState(ask, call.target.path);
  if (before === undefined || !view.seesProduct(before.categories))
    return refuse(404, buildMissingMessage(entity, name));
  const isOwned = before.categories.length === 0 || view.ownsCategoryOf(before.categories);
  const noun = entity.kind === 'product-models' ? 'product model' : 'product';
  if (!isOwned) return buildForbidden([`${noun} "${name}" (not owned)`]);
  // With a model go its variants. They are in all of its categories, so that only those of a model in none can be others'.
  const isInNone = entity.kind === 'product-models' && before.categories.length === 0;
  if (isInNone && !(await isFreeBeneath(name, context))) {
    return buildForbidden([`product model "${name}" (some of what would go with it is in a category)`]);
  }
  const filter = buildWriteFilter({ text: name, view });
  return { kind: 'forward', method: 'DELETE', path: call.target.path, query: '', filter };
}

/** Whether everything beneath a model is in no category either. */
async function isFreeBeneath(code: string, context: FactContext): Promise<boolean> {
  if (context.view.ownsAllCategories) return true;
  const beneath = [
    { path: entities['product-models'].path, filter: { operator: 'IN', value: [code] } },
    { path: entities.products.path, filter: { operator: '=', value: code } },
  ];
  for (const { path, filter } of beneath) {
    const all = await countFound(path, { parent: [filter] }, context);
    const free = await countFound(path, { parent: [filter], categories: [unclassified] }, context);
    // Whose one in a category is would have to be asked for each.
    if (all !== free) return false;
  }
  return true;
}

const unclassified: CategoryFilter = { operator: 'UNCLASSIFIED', value: [] };

async function countFound(path: string, search: object, { ask }: FactContext): Promise<number> {
  const query = buildQuery([
    ['pagination_type', 'page'],
    ['limit', '1'],
    ['with_count', 'true'],
    ['search', JSON.stringify(search)],
  ]);
  const { status, body } = await askUpstream(ask, { path, query });
  const count = status === 200 ? parseRow(body)?.items_count : undefined;
  if (typeof count !== 'number') throw new CatalogUnavailable('The upstream does not tell which variants would go.');
  return count;
}
