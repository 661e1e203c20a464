import type { ConnectionGroupSpec } from '../../../../../src/api/generated/connection-group.ts';
import { buildSample, type SampleEntity } from './build-sample.ts';
import { buildGuardedPim, type GuardedPim } from './call-through-guard.ts';
import { SamplePim } from './sample-pim.ts';

/** Sees c0, edits c1, owns c2 with their subtrees; edits the marketing attributes in English. */
export const smallGroup: ConnectionGroupSpec = {
  catalog: {
    categories: { view: ['c0'], edit: ['c1'], own: ['c2'] },
    attributeGroups: { view: ['general'], edit: ['marketing'] },
    locales: { view: ['fr_FR'], edit: ['en_US'] },
  },
};

const uuids: Readonly<Record<string, string>> = {
  seen: '10000000-0000-4000-8000-000000000001',
  edited: '10000000-0000-4000-8000-000000000002',
  owned: '10000000-0000-4000-8000-000000000003',
  hidden: '10000000-0000-4000-8000-000000000004',
  free: '10000000-0000-4000-8000-000000000005',
  both: '10000000-0000-4000-8000-000000000006',
  variant: '10000000-0000-4000-8000-000000000007',
  child: '10000000-0000-4000-8000-000000000008',
};

/** uuid of a product of the small PIM. */
export const uuidFor = (name: string): string => uuids[name] ?? '';

const entity = (categories: string[], parent: string | null = null): SampleEntity => ({
  family: 'shirts',
  enabled: true,
  parent,
  categories,
  values: {
    name: ['en_US', 'fr_FR', 'de_DE'].map((locale) => ({ locale, scope: null, data: `name in ${locale}` })),
    price: [{ locale: null, scope: null, data: [{ amount: '1.00', currency: 'EUR' }] }],
  },
  associations: {
    X_SELL: { products: ['seen', 'hidden'], product_models: ['model-hidden', 'model-owned'], groups: [] },
  },
  quantified_associations: {},
});

/** A handful of products, named for what `smallGroup` may. */
export function buildSmallPim(clock?: () => number): GuardedPim {
  const { categories, attributes, channels } = buildSample(1);
  const product = (name: string, of: string[], parent: string | null = null) =>
    [name, { identifier: name, uuid: uuidFor(name), ...entity(of, parent) }] as const;
  const model = (code: string, of: string[], parent: string | null = null) =>
    [code, { code, ...entity(of, parent) }] as const;
  const products = new Map([
    product('seen', ['c0_1']),
    product('edited', ['c1']),
    product('owned', ['c2_0_1']),
    product('hidden', ['c3']),
    product('free', []),
    product('both', ['c2', 'c4']),
    product('variant', ['c2'], 'model-hidden'),
    product('child', [], 'model-owned'),
  ]);
  const models = new Map([
    model('model-seen', ['c0']),
    model('model-owned', ['c2']),
    model('model-hidden', ['c3']),
    model('model-free', []),
    model('model-beneath', ['c4'], 'model-free'),
  ]);
  const published = new Map([product('published-seen', ['c0']), product('published-hidden', ['c3'])]);
  const pim = new SamplePim({ categories, attributes, channels, products, models, published });
  return buildGuardedPim(pim, clock);
}
