import { type CatalogRefusal, refuse } from '../catalog-plan.ts';

/** Most obstacles that are named. */
const mostNamed = 20;

/** 403 that names what the group does not allow: each obstacle says what and, in brackets, why. */
export function buildForbidden(obstacles: readonly string[]): CatalogRefusal {
  const named = obstacles.slice(0, mostNamed).join(', ');
  const more = obstacles.length > mostNamed ? ` and ${obstacles.length - mostNamed} more` : '';
  return refuse(403, `Access forbidden. The group of the connection does not allow this: ${named}${more}.`);
}
