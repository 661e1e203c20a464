import { type CatalogRefusal, refuse } from '../catalog-plan.ts';
import type { GroupView } from '../rights/group-view.ts';
import { findHiddenAttributes, findHiddenLocales } from './find-hidden-names.ts';
import type { Parameters } from './read-parameters.ts';

/** Parameters that say which page is wanted. */
export const pageParameters = ['pagination_type', 'page', 'search_after', 'limit', 'with_count'] as const;
/** Parameters that say which products are wanted and how much of them. */
export const choiceParameters = [
  'search',
  'search_locale',
  'search_scope',
  'scope',
  'locales',
  'attributes',
  'convert_measurements',
  'with_asset_share_links',
  'with_attribute_options',
  'with_quality_scores',
  'with_completenesses',
] as const;
/** Parameters of one product. */
export const oneParameters = [
  'with_asset_share_links',
  'with_attribute_options',
  'with_quality_scores',
  'with_completenesses',
] as const;

/** What asks for something that is computed from all values of a product. */
const computed = new Set(['with_quality_scores', 'with_completenesses']);
/** Parameters that are on or off; texts in a query, booleans in a body. */
export const booleanParameters: ReadonlySet<string> = new Set([
  'with_count',
  'convert_measurements',
  'with_asset_share_links',
  'with_attribute_options',
  ...computed,
]);
/** Longest page that the PIM gives. */
const maxLimit = 100;

/** What is wrong with the parameters other than `search`, in the PIM's words. */
export function checkListParameters(parameters: Parameters, view: GroupView): CatalogRefusal | undefined {
  for (const [name, value] of parameters) {
    const refusal = checkParameter(name, value, view);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkParameter(name: string, value: string, view: GroupView): CatalogRefusal | undefined {
  if (booleanParameters.has(name)) return checkBoolean(name, value);
  switch (name) {
    case 'attributes':
      return findHiddenAttributes(view, readCodes(value));
    case 'locales':
      return findHiddenLocales(view, readCodes(value));
    case 'search_locale':
      return findHiddenLocales(view, [value]);
    case 'page':
      return /^[1-9][0-9]{0,8}$/.test(value) ? undefined : refuse(422, `"${value}" is not a valid page number.`);
    case 'limit':
      return checkLimit(value);
    case 'pagination_type':
      return value === 'page' || value === 'search_after' ? undefined : refuse(422, 'Pagination type does not exist.');
    default:
      return undefined;
  }
}

function checkBoolean(name: string, value: string): CatalogRefusal | undefined {
  if (value === 'true' || value === 'false') return undefined;
  return refuse(422, `Parameter "${name}" has to be a boolean. Only "true" or "false" allowed, "${value}" given.`);
}

function checkLimit(value: string): CatalogRefusal | undefined {
  if (!/^[1-9][0-9]{0,8}$/.test(value)) return refuse(422, `"${value}" is not a valid limit number.`);
  return Number(value) > maxLimit ? refuse(422, `You cannot request more than ${maxLimit} items.`) : undefined;
}

/** The PIM splits at commas and does not mind spaces around a code. */
function readCodes(value: string): readonly string[] {
  return value.split(',').map((code) => code.trim());
}

/** What of a parameter goes to the upstream; `undefined`: nothing. */
export function buildUpstreamParameter(name: string, value: string, view: GroupView): string | undefined {
  if (computed.has(name) && !view.seesAllValues) return undefined;
  if (name === 'attributes' || name === 'locales') return readCodes(value).join(',');
  return value;
}
