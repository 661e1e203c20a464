import { type CatalogRefusal, refuse } from '../catalog-plan.ts';
import type { GroupView } from '../rights/group-view.ts';

/** Most values that the PIM takes in one filter. */
export const maxConditionCategories = 800;

/** A filter on `categories`. */
export interface CategoryFilter {
  readonly operator: 'IN OR UNCLASSIFIED' | 'UNCLASSIFIED' | 'IN CHILDREN';
  readonly value: readonly string[];
}

/**
 * The filter that lets the upstream find what the group sees: products in one of its categories, subtrees spelled out,
 * or in none. `undefined`: it sees all. No operator of the PIM says "beneath these or in none", so the number of
 * categories is limited.
 */
export function buildCategoryCondition({ categories }: GroupView): CategoryFilter | CatalogRefusal | undefined {
  if (categories === 'all') return undefined;
  if (categories.size === 0) return { operator: 'UNCLASSIFIED', value: [] };
  if (categories.size > maxConditionCategories) {
    const count = `${categories.size} categories, subtrees included`;
    return refuse(
      403,
      `Access forbidden. The group sees ${count}; the PIM takes ${maxConditionCategories} in a filter.`,
    );
  }
  return { operator: 'IN OR UNCLASSIFIED', value: [...categories].sort() };
}
