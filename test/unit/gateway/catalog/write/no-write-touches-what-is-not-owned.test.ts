import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Method } from '../../../../../src/access/read-method.ts';
import type { ConnectionGroupSpec } from '../../../../../src/api/generated/connection-group.ts';
import { buildSample, locales, type Sample, type SampleEntity } from '../pim/build-sample.ts';
import { buildGuardedPim } from '../pim/call-through-guard.ts';
import { GroupModel } from '../pim/group-model.ts';
import { randomGroup } from '../pim/random-group.ts';
import { nameOf, SamplePim } from '../pim/sample-pim.ts';

const sample = buildSample(60);
const products = [...sample.products.values()];
const models = [...sample.models.values()];
const anyCategories = fc.uniqueArray(fc.constantFrom(...sample.categories.map(({ code }) => code)), { maxLength: 3 });
const anyValues = fc.dictionary(
  fc.constantFrom(...sample.attributes.map(({ code }) => code)),
  fc.array(
    fc.record({
      locale: fc.constantFrom(null, ...locales),
      scope: fc.constantFrom(null, 'print'),
      data: fc.constant('written'),
    }),
    { maxLength: 2 },
  ),
  { maxKeys: 2 },
);
const anyProductName = fc.constantFrom(...products.map(nameOf));
const anyBody = fc.record(
  {
    enabled: fc.boolean(),
    categories: anyCategories,
    values: anyValues,
    parent: fc.constantFrom(null, ...models.map(nameOf)),
    associations: fc.uniqueArray(anyProductName, { maxLength: 2 }).map((names) => ({ X_SELL: { products: names } })),
  },
  { requiredKeys: [] },
);

interface Write {
  readonly method: Method;
  readonly path: string;
  readonly body?: string;
}

const escaped = (name: string): string => name.split('/').map(encodeURIComponent).join('/');
const anyName = fc.oneof(
  { weight: 6, arbitrary: anyProductName },
  { weight: 1, arbitrary: fc.constantFrom('new-1', 'new-2') },
);
const anyLines = fc.array(fc.tuple(anyName, anyBody), { minLength: 1, maxLength: 4 });
const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  fc
    .tuple(anyName, anyBody)
    .map(([name, body]): Write => ({ method: 'PATCH', path: `products/${escaped(name)}`, body: JSON.stringify(body) })),
  fc.tuple(anyName, anyBody).map(
    ([name, body]): Write => ({
      method: 'POST',
      path: 'products',
      body: JSON.stringify({ ...body, identifier: name }),
    }),
  ),
  fc.tuple(fc.constantFrom(...products), anyBody).map(
    ([{ uuid }, body]): Write => ({
      method: 'PATCH',
      path: `products-uuid/${uuid}`,
      body: JSON.stringify({ ...body, associations: {} }),
    }),
  ),
  fc.tuple(fc.constantFrom(...models), anyBody).map(
    ([model, { enabled: _, ...body }]): Write => ({
      method: 'PATCH',
      path: `product-models/${nameOf(model)}`,
      body: JSON.stringify({ ...body, parent: model.parent }),
    }),
  ),
  anyLines.map(
    (lines): Write => ({
      method: 'PATCH',
      path: 'products',
      body: lines.map(([identifier, body]) => JSON.stringify({ ...body, identifier })).join('\n'),
    }),
  ),
  anyProductName.map((name): Write => ({ method: 'DELETE', path: `products/${escaped(name)}` })),
  fc.constantFrom(...models).map((model): Write => ({ method: 'DELETE', path: `product-models/${nameOf(model)}` })),
);

/** What stayed of an entity, as far as it may not change. */
function findBroken(group: ConnectionGroupSpec, before: Sample, after: Sample): string[] {
  const was = new GroupModel(before, group);
  const is = new GroupModel(after, group);
  const broken: string[] = [];
  const check = (name: string, old: SampleEntity | undefined, entity: SampleEntity | undefined): void => {
    const isOurs = old === undefined || (was.sees(old) && was.owns(old));
    if (!isOurs && JSON.stringify(old) !== JSON.stringify(entity)) broken.push(`${name} is not owned`);
    if (old !== undefined && entity !== undefined && was.sees(old) !== is.sees(entity))
      broken.push(`${name} changed sight`);
    if (entity === undefined) return;
    if (isOurs && !(is.sees(entity) && is.owns(entity))) broken.push(`${name} is not owned any more`);
    for (const [code, list] of Object.entries(entity.values)) {
      for (const { locale, data } of list) {
        if (data === 'written' && !(was.editsAttribute(code) && was.editsLocale(locale)))
          broken.push(`${name} ${code} ${locale}`);
      }
    }
  };
  for (const key of ['products', 'models', 'published'] as const) {
    for (const name of new Set([...before[key].keys(), ...after[key].keys()]))
      check(name, before[key].get(name), after[key].get(name));
  }
  return broken;
}

test('whatever is written, what a group does not own stays as it is and what it owns stays its own', {
  timeout: 60_000,
}, async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(
      randomGroup(sample),
      fc.array(anyWrite, { minLength: 10, maxLength: 10 }),
      async (group, writes) => {
        const pim = new SamplePim(structuredClone(sample));
        const guarded = buildGuardedPim(pim);
        if (guarded.guard.isOpen(group)) return;
        for (const { method, path, body } of writes) {
          const before = structuredClone(pim.sample);
          const said = await guarded.call(group, method, path, body);
          expect(findBroken(group, before, pim.sample), `${method} ${path} ${body}`).toEqual([]);
          if (said.status < 300 && !said.text.includes('403')) done++;
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(done).toBeGreaterThan(20);
});
