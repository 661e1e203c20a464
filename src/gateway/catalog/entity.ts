/** A kind of product data. */
export type EntityKind = 'products' | 'products-uuid' | 'product-models' | 'published-products';

/** What another entity can be known by, and so what it is looked up by. */
export type ReferenceKind = 'identifier' | 'uuid' | 'model' | 'published';

/** What differs between the kinds. */
export interface Entity {
  readonly kind: EntityKind;
  /** Path of the collection. */
  readonly path: string;
  /** The property that names an entity of this kind. */
  readonly idKey: 'identifier' | 'uuid' | 'code';
  /** What the strings in `associations.*.products` are. */
  readonly products: ReferenceKind;
  /** Properties, beside those of every kind, that are shown as they are. */
  readonly plain: ReadonlySet<string>;
  /** Properties that a write may name, beside those that are judged. */
  readonly written: ReadonlySet<string>;
}

const everyKind = ['categories', 'family', 'created', 'updated', 'metadata'];
/** Read-only: a client that sends back what it read is not refused for them. */
const ignored = ['created', 'updated', 'metadata', 'completenesses', 'quality_scores', '_links'];
const ofProducts = ['enabled', 'groups'];

/** By the segment of the path that names the collection. */
export const entities: Readonly<Record<EntityKind, Entity>> = {
  products: {
    kind: 'products',
    path: '/api/rest/v1/products',
    idKey: 'identifier',
    products: 'identifier',
    plain: new Set([...everyKind, ...ofProducts, 'identifier', 'uuid']),
    written: new Set([...ignored, ...ofProducts, 'family', 'root_parent']),
  },
  'products-uuid': {
    kind: 'products-uuid',
    path: '/api/rest/v1/products-uuid',
    idKey: 'uuid',
    products: 'uuid',
    plain: new Set([...everyKind, ...ofProducts, 'uuid', 'identifier']),
    written: new Set([...ignored, ...ofProducts, 'family', 'root_parent']),
  },
  'product-models': {
    kind: 'product-models',
    path: '/api/rest/v1/product-models',
    idKey: 'code',
    products: 'identifier',
    plain: new Set([...everyKind, 'code', 'family_variant']),
    written: new Set([...ignored, 'family', 'family_variant', 'root_parent']),
  },
  'published-products': {
    kind: 'published-products',
    path: '/api/rest/v1/published-products',
    idKey: 'identifier',
    products: 'published',
    plain: new Set([...everyKind, ...ofProducts, 'identifier']),
    written: new Set(),
  },
};

/** The PIM's words for an entity that is not there, which are also those for one that is hidden. */
export function buildMissingMessage({ kind }: Entity, id: string): string {
  const noun =
    kind === 'product-models' ? 'Product model' : kind === 'published-products' ? 'Published product' : 'Product';
  return `${noun} "${id}" does not exist or you do not have permission to access it.`;
}
