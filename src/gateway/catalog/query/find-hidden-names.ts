import { type CatalogRefusal, refuse } from '../catalog-plan.ts';
import type { GroupView } from '../rights/group-view.ts';

/** The PIM's words for categories that are not there, when some are not seen. */
export function findHiddenCategories(view: GroupView, codes: readonly string[]): CatalogRefusal | undefined {
  const hidden = codes.filter((code) => !view.seesCategory(code));
  return refuseUnknown(hidden, 'Category "%s" does not exist.', 'Categories "%s" do not exist.');
}

/** Likewise for attributes. */
export function findHiddenAttributes(view: GroupView, codes: readonly string[]): CatalogRefusal | undefined {
  const hidden = codes.filter((code) => !view.seesAttribute(code));
  return refuseUnknown(hidden, 'Attribute "%s" does not exist.', 'Attributes "%s" do not exist.');
}

/** Likewise for locales. */
export function findHiddenLocales(view: GroupView, codes: readonly string[]): CatalogRefusal | undefined {
  const hidden = codes.filter((code) => !view.seesLocale(code));
  return refuseUnknown(
    hidden,
    'Locale "%s" does not exist or is not activated.',
    'Locales "%s" do not exist or are not activated.',
  );
}

function refuseUnknown(codes: readonly string[], one: string, several: string): CatalogRefusal | undefined {
  if (codes.length === 0) return undefined;
  return refuse(
    422,
    (codes.length === 1 ? one : several).replace('%s', () => codes.join(', ')),
  );
}
