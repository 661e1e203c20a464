import { beforeEach, describe, expect, test } from 'vitest';
import type { Method } from '../../../../../src/access/read-method.ts';
import type { GuardedPim } from '../pim/call-through-guard.ts';
import { buildSmallPim, smallGroup, uuidFor } from '../pim/small-pim.ts';

let guarded: GuardedPim;
beforeEach(() => {
  guarded = buildSmallPim();
});

const forbidden = 'Access forbidden. The group of the connection does not allow this: ';

/** What a write comes to: its status, and the obstacles of a 403. */
async function write(method: Method, path: string, body?: object | string): Promise<string> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const { status, json } = await guarded.call(smallGroup, method, path, text);
  if (status < 400) return String(status);
  return `${status} ${String(json.message).replace(forbidden, '').replace(/\.$/, '')}`;
}

const value = (locale: string | null = null, data: unknown = 'x') => [{ locale, scope: null, data }];

describe('a changed product', () => {
  test.each<[string, object, string]>([
    ['owned', { enabled: false }, '204'],
    ['owned', {}, '204'],
    ['both', { enabled: false }, '204'],
    ['free', { enabled: false }, '204'],
    ['seen', { enabled: false }, '403 product "seen" (not owned)'],
    ['edited', { enabled: false }, '403 product "edited" (not owned)'],
    ['hidden', { enabled: false }, '403 product "hidden" (not seen)'],
    ['owned', { values: { name: value('en_US') } }, '204'],
    ['owned', { values: { name: value('fr_FR') } }, '403 locale "fr_FR" (not editable)'],
    ['owned', { values: { name: value('de_DE') } }, '403 locale "de_DE" (not editable)'],
    ['owned', { values: { color: value() } }, '403 attribute "color" (not editable)'],
    ['owned', { values: { price: [] } }, '403 attribute "price" (not editable)'],
    ['owned', { values: { gone: value() } }, '403 attribute "gone" (not editable)'],
    [
      'owned',
      { values: { NAME: value('de_DE'), price: value('en_US') } },
      '403 attribute "NAME" (not editable), attribute "price" (not editable), locale "de_DE" (not editable)',
    ],
    [
      'owned',
      { values: { name: value('en_US', { type: 'product', identifier: 'hidden' }) } },
      '403 product "hidden" (not seen)',
    ],
    ['owned', { values: { name: value('en_US', { type: 'product', identifier: 'seen' }) } }, '204'],
    [
      'owned',
      { values: { name: value('en_US', [[{ type: 'product_model', id: 'model-hidden' }]]) } },
      '403 product model "model-hidden" (not seen)',
    ],
    ['owned', { values: [] }, '204'],
    ['owned', { categories: ['c2', 'c2_1'] }, '204'],
    ['owned', { categories: ['c0', 'c2'] }, '204'],
    ['owned', { categories: ['c0'] }, '403 product "owned" (none of its categories would be owned afterwards)'],
    ['owned', { categories: [] }, '403 product "owned" (none of its categories would be owned afterwards)'],
    ['owned', { categories: ['c2', 'c3'] }, '403 category "c3" (not seen)'],
    ['owned', { categories: ['c3'] }, '403 category "c3" (not seen)'],
    ['owned', { categories: ['gone', 'c2'] }, '403 category "gone" (not seen)'],
    ['both', { categories: ['c2'] }, '403 category "c4" (not seen)'],
    ['both', { categories: ['c4'] }, '403 product "both" (would not be seen afterwards)'],
    ['both', { categories: ['c4', 'c2_0'] }, '204'],
    ['free', { categories: [] }, '204'],
    [
      'free',
      { categories: ['c2'] },
      '403 product "free" (in no category, so it is free for everybody and stays in none)',
    ],
    [
      'free',
      { categories: ['c0'] },
      '403 product "free" (in no category, so it is free for everybody and stays in none)',
    ],
    ['owned', { add_categories: ['c2'] }, '204'],
    ['owned', { add_categories: ['c3'] }, '403 category "c3" (not seen)'],
    [
      'owned',
      { remove_categories: ['c2_0_1'] },
      '403 product "owned" (none of its categories would be owned afterwards)',
    ],
    ['both', { remove_categories: ['c4'] }, '403 category "c4" (not seen)'],
    [
      'owned',
      { categories: ['c2'], add_categories: ['c2'] },
      '403 "categories" beside "add_categories" or "remove_categories" (give one of them)',
    ],
    ['owned', { parent: 'model-seen' }, '204'],
    ['owned', { parent: 'model-hidden' }, '403 product model "model-hidden" (not seen)'],
    ['owned', { parent: 'model-gone' }, '403 product model "model-gone" (not seen)'],
    ['owned', { parent: null }, '204'],
    ['variant', { parent: 'model-hidden', enabled: false }, '204'],
    ['variant', { parent: null, categories: ['c2'] }, '403 category "c3" (not seen)'],
    ['variant', { categories: ['c2'] }, '204'],
    ['child', { enabled: false }, '204'],
    ['child', { parent: 'model-seen' }, '403 product "child" (none of its categories would be owned afterwards)'],
    ['child', { parent: 'model-seen', categories: ['c2'] }, '204'],
    ['child', { categories: [] }, '204'],
    [
      'free',
      { parent: 'model-owned' },
      '403 product "free" (in no category, so it is free for everybody and stays in none)',
    ],
    [
      'owned',
      { associations: { X_SELL: { products: ['seen', 'free'], product_models: ['model-seen'], groups: ['any'] } } },
      '204',
    ],
    [
      'owned',
      { associations: { X_SELL: { products: ['seen', 'hidden', 'gone'] } } },
      '403 product "hidden" (not seen), product "gone" (not seen)',
    ],
    ['owned', { associations: { X_SELL: { products: ['SEEN'] } } }, '403 product "SEEN" (not seen)'],
    [
      'owned',
      { associations: { X_SELL: { product_uuids: [uuidFor('hidden')] } } },
      `403 product "${uuidFor('hidden')}" (not seen)`,
    ],
    [
      'owned',
      { quantified_associations: { PACK: { product_models: [{ identifier: 'model-hidden', quantity: 1 }] } } },
      '403 product model "model-hidden" (not seen)',
    ],
    [
      'owned',
      {
        quantified_associations: { PACK: { products: [{ identifier: 'seen', uuid: uuidFor('hidden'), quantity: 1 }] } },
      },
      `403 product "${uuidFor('hidden')}" (not seen)`,
    ],
    ['owned', { associations: { X_SELL: { people: ['x'] } } }, '403 "people" in "associations" (not known)'],
    ['owned', { identifier: 'owned' }, '204'],
    ['owned', { identifier: 'renamed' }, '403 attribute "sku" (not editable)'],
    ['owned', { uuid: uuidFor('owned') }, '204'],
    ['owned', { uuid: uuidFor('hidden') }, '403 property "uuid" (names another product)'],
    ['owned', { code: 'x' }, '403 property "code" (not known)'],
    ['owned', { variant_group: 'x' }, '403 property "variant_group" (not known)'],
    ['owned', { created: 'x', updated: 'x', metadata: {}, completenesses: [], quality_scores: [], _links: {} }, '204'],
    [
      'owned',
      { values: { name: [{ locale: 'en_US', data: 'x', channel: 'x' }] } },
      '403 "channel" in attribute "name" (not known)',
    ],
    [
      'owned',
      { values: { name: [{ locale: 'en_US', data: 'x', scope: null, attribute_type: 'x', linked_data: {} }] } },
      '204',
    ],
    ['new', { categories: ['c2'] }, '201'],
    ['new', {}, '201'],
    ['new', { categories: ['c1'] }, '403 product "new" (none of its categories would be owned afterwards)'],
    ['new', { categories: ['c3'] }, '403 category "c3" (not seen)'],
    ['new', { parent: 'model-owned' }, '201'],
    ['new', { parent: 'model-seen' }, '403 product "new" (none of its categories would be owned afterwards)'],
    ['new', { parent: 'model-seen', categories: ['c2'] }, '201'],
    ['new', { uuid: uuidFor('hidden') }, '403 property "uuid" (names another product)'],
  ])('%s %j: %s', async (name, body, expected) => {
    expect(await write('PATCH', `products/${name}`, body)).toBe(expected);
  });

  test.each<[object | string, string]>([
    ['', '400 Invalid json message received'],
    ['[]', '400 Invalid json message received'],
    ['null', '400 Invalid json message received'],
    ['{"enabled":true', '400 Invalid json message received'],
    ['{"enabled":true,"enabled":false}', '400 The JSON message has a key twice'],
    ['{"values":{"name":[{"locale":"en_US","locale":"de_DE"}]}}', '400 The JSON message has a key twice'],
    [{ categories: 'c2' }, '422 Property "categories" expects an array of strings'],
    [{ categories: [1] }, '422 Property "categories" expects an array of strings'],
    [{ parent: ['x'] }, '422 Property "parent" expects a string'],
    [{ values: 'x' }, '422 Property "values" expects an object'],
    [{ values: { name: {} } }, '422 Property "name" expects an array'],
    [{ values: { name: ['x'] } }, '422 Property "name" expects objects'],
    [{ values: { name: value(['en_US'] as never) } }, '422 Property "name" expects a string with the key "locale"'],
    [{ associations: { X_SELL: ['x'] } }, '422 Property "associations" expects an object for each type'],
    [{ associations: { X_SELL: { products: 'x' } } }, '422 Property "associations" expects an array in "products"'],
    [
      { associations: { X_SELL: { products: [1] } } },
      '422 Property "associations" expects names of products or models in "products"',
    ],
    [
      { quantified_associations: { A: { products: [{ quantity: 1 }] } } },
      '422 Property "quantified_associations" expects names of products or models in "products"',
    ],
    [{ identifier: 1 }, '422 Property "identifier" expects a string'],
  ])('not read: %j', async (body, expected) => {
    expect(await write('PATCH', 'products/owned', body)).toBe(expected);
  });

  test('a query is refused, and no write reaches the upstream', async () => {
    expect(await write('PATCH', 'products/owned?x=1', {})).toMatch(/^422 /);
    expect(guarded.pim.asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
  });

  test('an association to a product that the search does not find yet is looked up by itself', async () => {
    const { pim } = guarded;
    const ask = pim.ask.bind(pim);
    pim.ask = (request) =>
      request.query.includes('search=')
        ? { status: 200, body: Buffer.from('{"_embedded":{"items":[]}}') }
        : ask(request);
    const associate = (name: string): object => ({ associations: { X_SELL: { products: [name] } } });
    expect(await write('PATCH', 'products/owned', associate('seen'))).toBe('204');
    expect(await write('PATCH', 'products/owned', associate('hidden'))).toBe('403 product "hidden" (not seen)');
    expect(await write('PATCH', 'products/owned', associate('gone'))).toBe('403 product "gone" (not seen)');
  });

  test('the bytes that were judged are those that are sent', async () => {
    const body = '{ "values" : { "name":[ {"locale":"en_US","scope":null,"data":1.10000000000000000001} ] } }';
    const { json } = await guarded.call(smallGroup, 'PATCH', 'products/owned', body);
    expect(json).toEqual({});
    const names = guarded.pim.sample.products.get('owned')?.values.name;
    expect(names?.find(({ locale }) => locale === 'en_US')?.data).toBe(JSON.parse(body).values.name[0].data);
  });
});

describe('by uuid', () => {
  test.each<[string, object, string]>([
    [uuidFor('owned'), { enabled: false }, '204'],
    [uuidFor('owned').toUpperCase(), { enabled: false }, '204'],
    [uuidFor('hidden'), { enabled: false }, `403 product "${uuidFor('hidden')}" (not seen)`],
    [
      uuidFor('owned'),
      { uuid: uuidFor('hidden') },
      `422 The uuid "${uuidFor('hidden')}" provided in the request body must match the uuid "${uuidFor('owned')}" provided in the url`,
    ],
    [uuidFor('owned'), { associations: { X_SELL: { products: [uuidFor('seen')] } } }, '204'],
    [
      uuidFor('owned'),
      { associations: { X_SELL: { products: [uuidFor('hidden')] } } },
      `403 product "${uuidFor('hidden')}" (not seen)`,
    ],
    [uuidFor('owned'), { associations: { X_SELL: { products: ['seen'] } } }, '403 product "seen" (not seen)'],
    [uuidFor('owned'), { identifier: 'hidden' }, '403 property "identifier" (not known)'],
    ['nonsense', {}, '422 "nonsense" is not a valid uuid'],
  ])('%s %j: %s', async (uuid, body, expected) => {
    expect(await write('PATCH', `products-uuid/${uuid}`, body)).toBe(expected);
  });
});

describe('a product model', () => {
  test.each<[Method, string, object, string]>([
    ['PATCH', '/model-owned', { values: { name: value('en_US') } }, '204'],
    ['PATCH', '/model-seen', { values: {} }, '403 product model "model-seen" (not owned)'],
    ['PATCH', '/model-hidden', {}, '403 product model "model-hidden" (not seen)'],
    [
      'PATCH',
      '/model-owned',
      { code: 'other' },
      '422 The code "other" provided in the request body must match the code "model-owned" provided in the url',
    ],
    ['PATCH', '/model-owned', { enabled: true }, '403 property "enabled" (not known)'],
    ['PATCH', '/model-owned', { identifier: 'x' }, '403 property "identifier" (not known)'],
    ['POST', '', { code: 'new', family_variant: 'x', categories: ['c2'] }, '201'],
    [
      'POST',
      '',
      { code: 'new', parent: 'model-hidden', categories: ['c2'] },
      '403 product model "model-hidden" (not seen)',
    ],
    ['POST', '', { code: 'model-hidden', categories: ['c2'] }, '403 product model "model-hidden" (not seen)'],
  ])('%s %s %j: %s', async (method, path, body, expected) => {
    expect(await write(method, `product-models${path}`, body)).toBe(expected);
  });
});

describe('a new product', () => {
  test.each<[string, object, string]>([
    ['products', { identifier: 'new', categories: ['c2'] }, '201'],
    [
      'products',
      { identifier: 'new', categories: ['c0'] },
      '403 product "new" (none of its categories would be owned afterwards)',
    ],
    ['products', { categories: ['c0'] }, '403 the product (none of its categories would be owned afterwards)'],
    ['products', { identifier: 'hidden', categories: ['c2'] }, '403 product "hidden" (not seen)'],
    ['products', { identifier: 'owned', categories: ['c2'] }, '422 "owned" is taken, see "…"'],
    ['products', { identifier: 'a/draft', categories: ['c2'] }, '403 "a/draft" (cannot be looked up by this name)'],
    [
      'products',
      { identifier: 'a/../hidden', categories: ['c2'] },
      '403 "a/../hidden" (cannot be looked up by this name)',
    ],
    ['products', { identifier: '%68idden', categories: ['c2'] }, '403 "%68idden" (cannot be looked up by this name)'],
    ['products-uuid', { values: {}, categories: ['c2'] }, '201'],
    ['products-uuid', { uuid: uuidFor('hidden'), categories: ['c2'] }, `403 product "${uuidFor('hidden')}" (not seen)`],
  ])('%s %j: %s', async (path, body, expected) => {
    expect(await write('POST', path, body)).toBe(expected);
  });
});

describe('a deletion', () => {
  test.each<[string, string]>([
    ['products/owned', '204'],
    ['products/both', '204'],
    ['products/free', '204'],
    ['products/seen', '403 product "seen" (not owned)'],
    ['products/edited', '403 product "edited" (not owned)'],
    ['products/hidden', '404 Product "hidden" does not exist or you do not have permission to access it'],
    ['products/gone', '404 Product "gone" does not exist or you do not have permission to access it'],
    [`products-uuid/${uuidFor('owned')}`, '204'],
    ['product-models/model-owned', '204'],
    ['product-models/model-free', '403 product model "model-free" (some of what would go with it is in a category)'],
    [
      'product-models/model-hidden',
      '404 Product model "model-hidden" does not exist or you do not have permission to access it',
    ],
    ['products/owned?force=1', '422 The query parameter "force" is not known on this endpoint'],
  ])('%s: %s', async (path, expected) => {
    expect(await write('DELETE', path)).toBe(expected);
  });

  test('a model in no category goes when everything beneath it is in none either', async () => {
    guarded.pim.sample.models.delete('model-beneath');
    expect(await write('DELETE', 'product-models/model-free')).toBe('204');
  });
});

describe('a group without catalog', () => {
  test.each<[Method, string, object | undefined, number]>([
    ['GET', 'products', undefined, 200],
    ['GET', 'products/free', undefined, 404],
    ['GET', 'media-files/a/b.jpg', undefined, 404],
    ['PATCH', 'products/free', {}, 403],
    ['PATCH', 'products/new', {}, 403],
    ['POST', 'products', { identifier: 'new' }, 403],
    ['DELETE', 'products/free', undefined, 404],
  ])('%s %s', async (method, path, body, status) => {
    for (const group of [undefined, {}]) {
      const said = await guarded.call(group, method, path, body && JSON.stringify(body));
      expect(said.status).toBe(status);
    }
  });
});

test('a group that owns all categories may take a product out of them and into them', async () => {
  const { catalog } = smallGroup;
  const group = { catalog: { ...catalog, categories: { own: ['*'] } } };
  for (const [name, categories] of [
    ['free', ['c2']],
    ['owned', []],
    ['hidden', ['c4']],
  ] as const) {
    const said = await guarded.call(group, 'PATCH', `products/${name}`, JSON.stringify({ categories }));
    expect(said.status).toBe(204);
  }
});
