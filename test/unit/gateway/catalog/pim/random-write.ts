import fc from 'fast-check';
import type { Method } from '../../../../../src/access/read-method.ts';
import { locales, type Sample, type SampleEntity } from './build-sample.ts';
import { nameOf } from './sample-pim.ts';
import type { WriteBody, WritePlace } from './write-model.ts';

/** One entity and what is to be written of it. */
export interface RandomLine {
  readonly kind: WritePlace['kind'];
  readonly name: string;
  readonly body: WriteBody;
}

/** A call that writes. */
export interface RandomWrite {
  readonly method: Method;
  /** Behind `/api/rest/v1/`. */
  readonly path: string;
  readonly body?: string;
  /** What it writes, a line each; empty for a deletion. */
  readonly lines: readonly RandomLine[];
}

const escaped = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

/** Writes of a connector: some make sense for a group, many do not. */
export function randomWrite(sample: Sample): fc.Arbitrary<RandomWrite> {
  const products = [...sample.products.values()];
  const models = [...sample.models.values()];
  const anyProductName = fc.constantFrom(...products.map(nameOf));
  const anyName = fc.oneof(
    { weight: 6, arbitrary: anyProductName },
    { weight: 1, arbitrary: fc.constantFrom('new-1', 'new-2') },
  );
  const anyProduct = buildBody(sample, anyProductName, fc.constantFrom(null, ...models.map(nameOf)));
  const anyByUuid = buildBody(
    sample,
    fc.constantFrom(...products.map(({ uuid }) => String(uuid))),
    fc.constantFrom(null, ...models.map(nameOf)),
  );
  const anyModelBody = buildBody(sample, anyProductName, fc.constant(undefined));
  const ofModel = ({ enabled: _, ...body }: WriteBody, { parent }: SampleEntity): WriteBody => ({ ...body, parent });
  const single = (method: Method, path: string, line: RandomLine, named: object = {}): RandomWrite => ({
    method,
    path,
    body: JSON.stringify({ ...line.body, ...named }),
    lines: [line],
  });
  return fc.oneof(
    fc
      .tuple(anyName, anyProduct)
      .map(([name, body]) => single('PATCH', `products/${escaped(name)}`, { kind: 'products', name, body })),
    fc
      .tuple(anyName, anyProduct)
      .map(([name, body]) => single('POST', 'products', { kind: 'products', name, body }, { identifier: name })),
    fc.tuple(fc.constantFrom(...products), anyByUuid).map(([{ uuid = '' }, body]) => {
      return single('PATCH', `products-uuid/${uuid}`, { kind: 'products-uuid', name: uuid, body });
    }),
    fc.tuple(fc.constantFrom(...models), anyModelBody).map(([model, body]) => {
      const name = nameOf(model);
      return single('PATCH', `product-models/${name}`, { kind: 'product-models', name, body: ofModel(body, model) });
    }),
    fc
      .uniqueArray(fc.tuple(anyName, anyProduct), { minLength: 1, maxLength: 5, selector: ([name]) => name })
      .map((pairs): RandomWrite => {
        const lines = pairs.map(([name, body]) => ({ kind: 'products' as const, name, body }));
        const text = lines.map(({ name, body }) => JSON.stringify({ identifier: name, ...body })).join('\n');
        return { method: 'PATCH', path: 'products', body: text, lines };
      }),
    anyProductName.map((name): RandomWrite => ({ method: 'DELETE', path: `products/${escaped(name)}`, lines: [] })),
    fc
      .constantFrom(...models)
      .map((model): RandomWrite => ({ method: 'DELETE', path: `product-models/${nameOf(model)}`, lines: [] })),
  );
}

function buildBody(
  sample: Sample,
  anyAssociated: fc.Arbitrary<string>,
  anyParent: fc.Arbitrary<string | null | undefined>,
): fc.Arbitrary<WriteBody> {
  const anyValue = fc.record({
    locale: fc.constantFrom(null, ...locales),
    scope: fc.constantFrom(null, 'print'),
    data: fc.constant('written'),
  });
  return (
    fc
      .record(
        {
          enabled: fc.boolean(),
          categories: fc.uniqueArray(fc.constantFrom(...sample.categories.map(({ code }) => code)), { maxLength: 3 }),
          values: fc.dictionary(
            fc.constantFrom(...sample.attributes.map(({ code }) => code)),
            fc.array(anyValue, { maxLength: 2 }),
            { maxKeys: 2 },
          ),
          parent: anyParent,
          associations: fc
            .uniqueArray(anyAssociated, { maxLength: 2 })
            .map((names) => ({ X_SELL: { products: names, product_models: [] } })),
          of_a_later_version: fc.constant(true),
        },
        { requiredKeys: [] },
      )
      // One or two properties at once, or hardly anything would pass.
      .chain((body) => pickFew(body))
      .map((body) => JSON.parse(JSON.stringify(body)) as WriteBody)
  );
}

function pickFew(body: object): fc.Arbitrary<object> {
  const maxLength = Math.min(2, Object.keys(body).length);
  return fc.subarray(Object.entries(body), { maxLength }).map((entries) => Object.fromEntries(entries));
}
