/** An entity as it is sent: its key and whatever else it has. */
export type Entity = Readonly<Record<string, unknown>>;

/** Entities of one kind by their key, in the order in which they were created. */
export type EntityTable = Map<string, Entity>;

/** A stored file. */
export interface MediaFile {
  readonly code: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** All that the sample API holds, in memory. */
export interface SampleData {
  readonly products: EntityTable;
  readonly categories: EntityTable;
  readonly families: EntityTable;
  readonly attributes: EntityTable;
  readonly attributeGroups: EntityTable;
  readonly channels: EntityTable;
  readonly locales: EntityTable;
  readonly files: Map<string, MediaFile>;
}

const created = '2026-01-05T08:00:00+00:00';

/** Each category with its parent: one tree for all products, one for what is sold on line. */
const parents: Readonly<Record<string, string | null>> = {
  master: null,
  tents: 'master',
  boots: 'master',
  lamps: 'master',
  ecommerce: null,
  camping: 'ecommerce',
};

/** Each attribute with its group, in the groups that the examples name. */
const attributes = [
  { code: 'sku', group: 'general', type: 'pim_catalog_identifier', localizable: false },
  { code: 'name', group: 'marketing', type: 'pim_catalog_text', localizable: true },
  { code: 'picture', group: 'media', type: 'pim_catalog_image', localizable: false },
  { code: 'material', group: 'technical', type: 'pim_catalog_text', localizable: false },
  { code: 'weight', group: 'logistics', type: 'pim_catalog_metric', localizable: false },
  { code: 'cost', group: 'erp', type: 'pim_catalog_price_collection', localizable: false },
];

/**
 * A shop for outdoor gear: two category trees, two families, thirty products, one picture. Lamps are not sold on line,
 * so that the group `ecommerce` of the examples does not see them.
 */
export function buildSampleData(): SampleData {
  const categories = Object.entries(parents).map(([code, parent]) => ({ code, parent, labels: { en_US: code } }));
  const groups = [...new Set(attributes.map(({ group }) => group))];
  const locales = ['en_US', 'fr_FR', 'de_DE'];
  const channel = { code: 'ecommerce', category_tree: 'ecommerce', locales, currencies: ['EUR'], labels: {} };
  const byCode = <T extends Entity & { readonly code: string }>(entities: readonly T[]): EntityTable =>
    new Map(entities.map((entity) => [entity.code, entity]));
  const families = ['equipment', 'footwear'].map((code) => ({
    code,
    attributes: attributes.map((attribute) => attribute.code),
    attribute_as_label: 'name',
    labels: { en_US: code },
  }));
  const products = Array.from({ length: 30 }, (_, index) => buildProduct(index + 1));
  const picture = { code: '1/a/f/tent.svg', name: 'tent.svg', type: 'image/svg+xml' };
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="M10 2 19 18H1z"/></svg>\n';
  return {
    products: new Map(products.map((product) => [product.identifier, product])),
    categories: byCode(categories),
    families: byCode(families),
    attributes: byCode(attributes.map((attribute) => ({ ...attribute, scopable: false, labels: {} }))),
    attributeGroups: byCode(groups.map((code) => ({ code, labels: {} }))),
    channels: byCode([channel]),
    locales: byCode(locales.map((code) => ({ code, enabled: true }))),
    files: new Map([[picture.code, { ...picture, bytes: Buffer.from(svg) }]]),
  };
}

function buildProduct(number: number): Entity & { readonly identifier: string } {
  const category = ['tents', 'boots', 'lamps'][number % 3] ?? 'tents';
  const value = (data: unknown, locale: string | null = null) => ({ locale, scope: null, data });
  return {
    identifier: `${category.slice(0, -1)}-${String(number).padStart(3, '0')}`,
    enabled: true,
    family: category === 'boots' ? 'footwear' : 'equipment',
    categories: category === 'lamps' ? [category] : [category, 'camping'],
    groups: [],
    parent: null,
    values: {
      name: [value(`${category.slice(0, -1)} no. ${number}`, 'en_US'), value(`Nr. ${number}`, 'de_DE')],
      material: [value(category === 'boots' ? 'leather' : 'polyester')],
      weight: [value({ amount: number * 100, unit: 'GRAM' })],
      cost: [value([{ amount: `${number}.10`, currency: 'EUR' }])],
    },
    created,
    updated: created,
    associations: {},
    quantified_associations: {},
  };
}
