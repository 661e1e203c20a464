/** What the PIM behind the gateway answers with. */
export interface Body {
  readonly type: string;
  readonly bytes: Buffer;
}

const root = '/api/rest/v1';

/** Targets of the calls that are measured, by what they are. */
export const targets: Readonly<Record<'product' | 'page' | 'file', string>> = {
  product: `${root}/products/item-1`,
  page: `${root}/products`,
  file: `${root}/media-files/a/b/picture.jpg/download`,
};

/** By target: one product, a page of a hundred, a file of a megabyte. Links are on `origin`, as a PIM's own are. */
export function buildBodies(origin: string): ReadonlyMap<string, Body> {
  const type = 'application/json';
  const items = Array.from({ length: 100 }, (_, index) => buildProduct(origin, index));
  const self = { href: `${origin}${targets.page}?page=1&limit=100` };
  const page = { _links: { self, first: self }, current_page: 1, _embedded: { items } };
  return new Map([
    [targets.product, { type, bytes: Buffer.from(JSON.stringify(items[1])) }],
    [targets.page, { type, bytes: Buffer.from(JSON.stringify(page)) }],
    [targets.file, { type: 'image/jpeg', bytes: Buffer.alloc(1_000_000, 'x') }],
  ]);
}

function buildProduct(origin: string, index: number): object {
  const identifier = `item-${index}`;
  const text = (data: string): object => [{ locale: null, scope: null, data }];
  return {
    _links: { self: { href: `${origin}${targets.page}/${identifier}` } },
    identifier,
    enabled: true,
    family: 'equipment',
    categories: ['tools', 'garden', 'all'],
    groups: [],
    values: {
      name: text(`Item number ${index}`),
      description: text('A long text about the item, "as people" write it. '.repeat(8)),
      weight: [{ locale: null, scope: null, data: { amount: '12.5000', unit: 'KILOGRAM' } }],
    },
    created: '2026-01-01T00:00:00+00:00',
    updated: '2026-01-01T00:00:00+00:00',
    associations: {},
  };
}
