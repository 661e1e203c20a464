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
  readonly files: Map<string, MediaFile>;
}

const created = '2026-01-05T08:00:00+00:00';

/** A shop for outdoor gear: four categories, two families, thirty products, one picture. */
export function buildSampleData(): SampleData {
  const categories = ['master', 'tents', 'boots', 'lamps'].map((code) => ({
    code,
    parent: code === 'master' ? null : 'master',
    labels: { en_US: code },
  }));
  const families = ['equipment', 'footwear'].map((code) => ({
    code,
    attributes: ['sku', 'name', 'weight'],
    attribute_as_label: 'name',
    labels: { en_US: code },
  }));
  const products = Array.from({ length: 30 }, (_, index) => buildProduct(index + 1));
  const picture = { code: '1/a/f/tent.svg', name: 'tent.svg', type: 'image/svg+xml' };
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path d="M10 2 19 18H1z"/></svg>\n';
  return {
    products: new Map(products.map((product) => [product.identifier, product])),
    categories: new Map(categories.map((category) => [category.code, category])),
    families: new Map(families.map((family) => [family.code, family])),
    files: new Map([[picture.code, { ...picture, bytes: Buffer.from(svg) }]]),
  };
}

function buildProduct(number: number): Entity & { readonly identifier: string } {
  const category = ['tents', 'boots', 'lamps'][number % 3] ?? 'tents';
  return {
    identifier: `${category.slice(0, -1)}-${String(number).padStart(3, '0')}`,
    enabled: true,
    family: category === 'boots' ? 'footwear' : 'equipment',
    categories: [category],
    groups: [],
    parent: null,
    values: {
      name: [{ locale: 'en_US', scope: null, data: `${category.slice(0, -1)} no. ${number}` }],
      weight: [{ locale: null, scope: null, data: { amount: number * 100, unit: 'GRAM' } }],
    },
    created,
    updated: created,
    associations: {},
    quantified_associations: {},
  };
}
