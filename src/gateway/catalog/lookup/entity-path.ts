import { buildRouteTable } from '../../../access/build-route-table.ts';
import { findRoutes } from '../../../access/find-routes.ts';
import { readTarget } from '../../../access/read-target.ts';
import { Refusal } from '../../../access/refusal.ts';
import { entities, type ReferenceKind } from '../entity.ts';

const paths: Readonly<Record<ReferenceKind, string>> = {
  identifier: entities.products.path,
  uuid: entities['products-uuid'].path,
  model: entities['product-models'].path,
  published: entities['published-products'].path,
};

const table = buildRouteTable();

/**
 * The path of one entity by its name; slashes in names stay slashes. `undefined` for a name that no path stands for
 * without doubt: one that a server could read as another route or another name.
 */
export function buildEntityPath(kind: ReferenceKind, name: string): string | undefined {
  const path = `${paths[kind]}/${name.split('/').map(encode).join('/')}`;
  const target = readTarget(path);
  if (target instanceof Refusal) return undefined;
  const { endpoints, parameters } = findRoutes(table, 'GET', target);
  return endpoints.length === 1 && parameters[0] === name ? path : undefined;
}

/** Half a surrogate pair stands for nothing. */
function encode(segment: string): string {
  return segment.isWellFormed() ? encodeURIComponent(segment) : '/';
}
