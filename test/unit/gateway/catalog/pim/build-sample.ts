/** A product, product model or published product as the sample PIM keeps it; `categories` are its own alone. */
export interface SampleEntity {
  identifier?: string;
  uuid?: string;
  code?: string;
  family: string;
  enabled: boolean;
  parent: string | null;
  categories: string[];
  values: Record<string, SampleValue[]>;
  associations: Record<string, Record<string, string[]>>;
  quantified_associations: Record<string, Record<string, Record<string, unknown>[]>>;
}

export interface SampleValue {
  locale: string | null;
  scope: string | null;
  data: unknown;
  linked_data?: unknown;
}

export interface SampleAttribute {
  readonly code: string;
  readonly group: string;
  readonly type: string;
  readonly localizable: boolean;
  readonly scopable: boolean;
}

/** Everything that the sample PIM holds. */
export interface Sample {
  readonly categories: { code: string; parent: string | null }[];
  readonly attributes: readonly SampleAttribute[];
  readonly channels: readonly { code: string; category_tree: string; locales: string[] }[];
  readonly products: Map<string, SampleEntity>;
  readonly models: Map<string, SampleEntity>;
  readonly published: Map<string, SampleEntity>;
}

export const locales: readonly string[] = ['en_US', 'fr_FR', 'de_DE'];
export const attributeGroups: readonly string[] = ['general', 'marketing', 'sales', 'technical', 'internal'];

const attribute = (
  code: string,
  group: string,
  type: string,
  localizable = false,
  scopable = false,
): SampleAttribute => ({ code, group, type: `pim_catalog_${type}`, localizable, scopable });

const attributes = [
  attribute('sku', 'general', 'identifier'),
  attribute('color', 'general', 'simpleselect'),
  attribute('name', 'marketing', 'text', true),
  attribute('description', 'marketing', 'textarea', true, true),
  attribute('price', 'sales', 'price_collection'),
  attribute('weight', 'technical', 'metric'),
  attribute('note', 'internal', 'text', false, true),
  attribute('battery', 'technical', 'product_link'),
];

const channels = [
  { code: 'ecommerce', category_tree: 'master', locales: ['en_US', 'fr_FR'] },
  { code: 'print', category_tree: 'paper', locales: ['de_DE'] },
];

/** Small, fast, the same on every machine. */
export function buildRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function buildCategories(): Sample['categories'] {
  const categories: Sample['categories'] = [
    { code: 'master', parent: null },
    { code: 'paper', parent: null },
  ];
  for (let a = 0; a < 5; a++) {
    categories.push({ code: `c${a}`, parent: 'master' });
    for (let b = 0; b < 3; b++) {
      categories.push({ code: `c${a}_${b}`, parent: `c${a}` });
      for (let c = 0; c < 2; c++) categories.push({ code: `c${a}_${b}_${c}`, parent: `c${a}_${b}` });
    }
    categories.push({ code: `paper${a}`, parent: 'paper' });
  }
  return categories;
}

const digits = (number: number): string => String(number).padStart(4, '0');
export const uuidOf = (number: number): string => `0000${digits(number)}-0000-4000-8000-00000000${digits(number)}`;

/** Names hold slashes and spaces now and then. Every one ends in X, so that it can be told apart in any text. */
export const identifierOf = (number: number): string =>
  number % 97 === 0 ? `P/${digits(number)}/X` : number % 89 === 0 ? `P ${digits(number)} X` : `P${digits(number)}X`;
/** Published products have names of their own here. */
const publishedOf = (number: number): string => identifierOf(number).replace('P', 'Q');
const modelOf = (number: number): string => `M${digits(number)}X`;

/** A catalog in which every product, model and value can be told by a name that occurs nowhere else. */
export function buildSample(size: number, seed = 7): Sample {
  const random = buildRandom(seed);
  const categories = buildCategories();
  const models = new Map<string, SampleEntity>();
  const products = new Map<string, SampleEntity>();
  const published = new Map<string, SampleEntity>();
  const modelCount = Math.ceil(size / 20);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const pickCategories = (): string[] => {
    const count = random(5) === 0 ? 0 : 1 + random(2);
    return [...new Set(Array.from({ length: count }, () => pick(categories).code))];
  };
  const nameBy = (step: number, number: number): string => (step === 1 ? identifierOf : publishedOf)(number);
  const references = (step: number) => ({
    associations: {
      X_SELL: {
        products: Array.from({ length: random(4) }, () => nameBy(step, random(size / step) * step)),
        product_models: Array.from({ length: random(2) }, () => modelOf(random(modelCount))),
        groups: ['promotion'],
      },
    },
    quantified_associations: {
      PACK: {
        products: Array.from({ length: random(3) }, () => ({ identifier: identifierOf(random(size)), quantity: 2 })),
        product_models: Array.from({ length: random(2) }, () => ({
          identifier: modelOf(random(modelCount)),
          quantity: 1,
        })),
      },
    },
  });
  const entity = (token: string, step = 1): SampleEntity => ({
    family: pick(['shirts', 'shoes']),
    enabled: random(2) === 0,
    parent: null,
    categories: pickCategories(),
    values: buildValues(token, random, size, modelOf(random(modelCount))),
    ...references(step),
  });
  for (let at = 0; at < modelCount; at++) {
    const code = modelOf(at);
    const parent = at % 4 === 3 ? modelOf(at - 1) : null;
    models.set(code, { code, ...entity(`M${digits(at)}`), parent });
  }
  for (let at = 0; at < size; at++) {
    const identifier = identifierOf(at);
    const parent = at % 5 === 0 ? modelOf(random(modelCount)) : null;
    products.set(identifier, { identifier, uuid: uuidOf(at), ...entity(`P${digits(at)}`), parent });
    if (at % 6 !== 0) continue;
    const shown = entity(`Q${digits(at)}`, 6);
    published.set(publishedOf(at), { identifier: publishedOf(at), ...shown, quantified_associations: {} });
  }
  return { categories, attributes, channels, products, models, published };
}

function buildValues(
  token: string,
  random: (below: number) => number,
  size: number,
  model: string,
): Record<string, SampleValue[]> {
  const value = (code: string, locale: string | null, scope: string | null): SampleValue => ({
    locale,
    scope,
    data: `V${token}_${code}_${locale}_${scope}X`,
  });
  const some = <T>(list: readonly T[]): T[] => list.filter(() => random(3) > 0);
  const link = random(2) === 0 ? { type: 'product', id: uuidOf(random(size)) } : { type: 'product_model', id: model };
  const labels = Object.fromEntries(locales.map((locale) => [locale, `V${token}_label_${locale}_nullX`]));
  return {
    color: [{ ...value('color', null, null), linked_data: { attribute: 'color', code: 'red', labels } }],
    name: some(locales).map((locale) => value('name', locale, null)),
    description: channels.flatMap(({ code, locales: known }) =>
      some(known).map((locale) => value('description', locale, code)),
    ),
    price: [
      {
        locale: null,
        scope: null,
        data: [{ amount: '12.50', currency: 'EUR', note: value('price', null, null).data }],
      },
    ],
    weight: [{ locale: null, scope: null, data: { amount: '1.0', unit: `V${token}_weight_null_nullX` } }],
    note: some(channels).map(({ code }) => value('note', null, code)),
    ...(random(6) === 0 && { battery: [{ locale: null, scope: null, data: link }] }),
  };
}
