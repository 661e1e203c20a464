import { type CodeSet, type GroupRights, hasCode } from '../../../access/group-rights.ts';
import type { Attribute, AttributeTable, CatalogStructure } from '../structure/catalog-structure.ts';
import type { CategoryTree } from '../structure/category-tree.ts';

/** What a restricted group sees and edits of the catalog as it is now. */
export interface GroupView {
  /** Every category that is seen, subtrees spelled out. `all`: no condition is needed. */
  readonly categories: CodeSet;
  seesCategory(code: string): boolean;
  /** By all categories of the product, those of its parents too. In none: everybody's. */
  seesProduct(categories: readonly string[]): boolean;
  readonly ownsAllCategories: boolean;
  /** Whether one of the categories is owned. False for a product in none. */
  ownsCategoryOf(categories: readonly string[]): boolean;
  seesAttribute(code: string): boolean;
  editsAttribute(code: string): boolean;
  seesLocale(code: string): boolean;
  editsLocale(code: string): boolean;
  /** No value is hidden, so what is computed from values may be told. */
  readonly seesAllValues: boolean;
  readonly seesAllLocales: boolean;
  /** By its exact code; `undefined` for one that the upstream does not have. */
  findAttribute(code: string): Attribute | undefined;
  /** Codes of attributes that hold identifiers. */
  readonly identifierAttributes: readonly string[];
}

const identifierType = 'pim_catalog_identifier';

interface KnownView {
  readonly tree: CategoryTree | undefined;
  readonly attributes: AttributeTable;
  readonly view: GroupView;
}

const known = new WeakMap<GroupRights, KnownView>();

/** The view of a group on the upstream's structure as it is known now. Rejects when that cannot be had. */
export async function readGroupView(rights: GroupRights, structure: CatalogStructure): Promise<GroupView> {
  const needsTree = rights.categories.own !== 'all';
  const [tree, attributes] = await Promise.all([
    needsTree ? structure.categories() : undefined,
    structure.attributes(),
  ]);
  const before = known.get(rights);
  if (before !== undefined && before.tree === tree && before.attributes === attributes) return before.view;
  const view = buildGroupView(rights, tree, attributes);
  known.set(rights, { tree, attributes, view });
  return view;
}

/** @param tree needed unless the group owns all categories */
export function buildGroupView(
  rights: GroupRights,
  tree: CategoryTree | undefined,
  attributes: AttributeTable,
): GroupView {
  const expand = (set: CodeSet): CodeSet => (set === 'all' ? 'all' : (tree?.expand(set) ?? new Set()));
  const seen = expand(rights.categories.view);
  const owned = expand(rights.categories.own);
  const { attributeGroups, locales } = rights;
  const inGroup = (set: CodeSet, code: string): boolean => {
    const group = attributes.get(code)?.group;
    return set === 'all' || (group !== undefined && set.has(group));
  };
  return {
    categories: seen,
    seesCategory: (code) => hasCode(seen, code),
    seesProduct: (categories) => categories.length === 0 || categories.some((code) => hasCode(seen, code)),
    ownsAllCategories: owned === 'all',
    ownsCategoryOf: (categories) => categories.some((code) => hasCode(owned, code)),
    seesAttribute: (code) => inGroup(attributeGroups.view, code),
    editsAttribute: (code) => inGroup(attributeGroups.edit, code),
    seesLocale: (code) => hasCode(locales.view, code),
    editsLocale: (code) => hasCode(locales.edit, code),
    seesAllValues: attributeGroups.view === 'all' && locales.view === 'all',
    seesAllLocales: locales.view === 'all',
    findAttribute: (code) => attributes.get(code),
    identifierAttributes: [...attributes.values()]
      .filter(({ type }) => type === identifierType)
      .map(({ code }) => code),
  };
}

const none = { view: new Set<string>(), edit: new Set<string>(), own: new Set<string>() };

/** The view of a group without `catalog`: not even products in no category, which are everybody's, are its. */
export const nothingView: GroupView = {
  ...buildGroupView({ categories: none, attributeGroups: none, locales: none }, undefined, new Map()),
  seesProduct: () => false,
};
