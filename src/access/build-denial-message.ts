import type { AkeneoEndpoint } from '../api/akeneo-endpoints.ts';

/** What the PIM says to a role without "Overall Web API access". */
export const noWebApiMessage = 'You are not allowed to access the web API.';

const catalogs = 'app catalogs';
/** Plurals that are not made of the last words of a path. */
const names: Readonly<Record<string, string>> = {
  'products-uuid': 'products',
  'product-models': 'product models',
  'category-media-files': 'categories',
  'reference-entities-media-files': 'reference entity records',
  'asset-media-files': 'assets',
  'measure-families': 'measurement families',
  'ui-extensions': 'UI extensions',
  catalogs,
};
/** Collections beneath another one that have a permission of their own. */
const nested: Readonly<Record<string, string>> = {
  pim_api_family_variant: 'family variants',
  pim_api_attribute_option: 'attribute options',
  pim_api_reference_entity_record: 'reference entity records',
  pim_api_asset: 'assets',
};

/** The PIM's sentence for a missing permission; where only a rule helps, it says so. */
export function buildDenialMessage(endpoint: AkeneoEndpoint, needsRule = false): string {
  const entity = readEntity(endpoint);
  const action = entity === catalogs ? 'access' : readVerb(endpoint);
  const hint = needsRule ? ` The role needs a rule for ${endpoint.method} ${endpoint.path}.` : '';
  return `Access forbidden. You are not allowed to ${action} ${entity}.${hint}`;
}

function readVerb({ method, permission }: AkeneoEndpoint): string {
  if (method === 'GET' || permission?.endsWith('_list')) return 'list';
  return method === 'DELETE' ? 'delete' : 'create or update';
}

function readEntity({ path, permission }: AkeneoEndpoint): string {
  const byPermission = permission && nested[permission.replace(/_(?:list|edit|remove)$/, '')];
  const collection = path.split('/')[4] ?? 'endpoints';
  return byPermission ?? names[collection] ?? collection.replaceAll('-', ' ');
}
