import { expect, test } from 'vitest';
import type { Method } from '../../../../../src/access/read-method.ts';
import { buildCatalogGuard } from '../../../../../src/gateway/catalog/catalog-guard.ts';
import { buildErrorBody, type CatalogForward } from '../../../../../src/gateway/catalog/catalog-plan.ts';
import type { UpstreamAnswer } from '../../../../../src/gateway/catalog/catalog-upstream.ts';
import { buildCall } from '../pim/call-through-guard.ts';
import { buildSmallPim, smallGroup } from '../pim/small-pim.ts';

const small = buildSmallPim();
const guard = buildCatalogGuard({
  ask: async ({ path, query }) => small.pim.ask({ method: 'GET', path, query }),
  clock: () => 0,
  cursorKeys: () => [],
});

/** What the client gets when the upstream replies like this. */
async function reply(path: string, status: number, body: unknown, method: Method = 'GET', sent?: object) {
  const plan = await guard.decide(smallGroup, buildCall(method, path), sent && Buffer.from(JSON.stringify(sent)));
  if (plan.kind !== 'forward') throw new Error(JSON.stringify(plan));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readShown(await plan.filter?.(status, Buffer.from(text)));
}

type Shown = Awaited<ReturnType<NonNullable<CatalogForward['filter']>>>;

function readShown(shown: Shown | undefined): { readonly status: number | undefined; readonly text: string } {
  if (shown === undefined || 'body' in shown) return { status: shown?.status, text: shown?.body.toString() ?? '' };
  return { status: shown.status, text: buildErrorBody(shown.status, shown.message).toString() };
}

const page = (...items: object[]) => ({ _links: {}, _embedded: { items } });

test('items that the condition should have kept away are left out', async () => {
  const { text } = await reply(
    'products',
    200,
    page(
      { identifier: 'hidden', categories: ['c3'] },
      { identifier: 'seen', categories: ['c0', 'c3'] },
      { identifier: 'says-nothing' },
      { identifier: 'says-nonsense', categories: [['c0']] },
      { identifier: 'free', categories: [] },
    ),
  );
  expect(text.match(/"identifier":"[\w-]+"/g)).toEqual(['"identifier":"seen"', '"identifier":"free"']);
});

test('numbers, order and spelling of what is shown stay as they came', async () => {
  const item =
    '{"identifier":"a\\u00e9","categories":["c0"],"values":{"name":[{"data":1.10000000000000000001,"locale":"en_US"},{"data":12345678901234567890,"locale":null}]},"enabled":true}';
  const { text } = await reply('products', 200, `{"items_count":1e2,"_embedded":{"items":[${item}]}}`);
  expect(text).toContain(`"items_count":1e2,"_embedded":{"items":[${item}]}}`);
});

test.each([
  [200, 'not JSON'],
  [200, '{"_embedded":{"items":[{"categories":["c0"],"categories":["c3"]}]}}'],
  [200, '{"_embedded":{"items":{}}}'],
  [200, '[]'],
  [204, ''],
  [301, ''],
])('a reply %i %s to a list is 502', async (status, body) => {
  expect(await reply('products', status, body)).toEqual({
    status: 502,
    text: '{"code":502,"message":"The upstream gave no answer that can be shown."}',
  });
});

test('what is computed from all values is left out, whoever asked for it', async () => {
  const { text } = await reply('products/x', 200, {
    categories: [],
    completenesses: [{ data: 10 }],
    quality_scores: [],
  });
  expect(text).toBe('{"categories":[]}');
});

test('an association of a shape that nobody knows is left out', async () => {
  const products = [
    { identifier: 'seen', quantity: 1 },
    { identifier: 'seen', variant: 'hidden' },
    { quantity: 1 },
    1,
    null,
  ];
  const { text } = await reply('products/x', 200, {
    categories: [],
    associations: { A: { products, people: ['hidden'] } },
  });
  expect(text).toBe('{"categories":[],"associations":{"A":{"products":[{"identifier":"seen","quantity":1}]}}}');
});

test('an error repeats only what the client wrote', async () => {
  const error = {
    code: 422,
    message: 'The "seen" and "hidden" are not “free”, it isn\'t \'c3\' or `c2_1`.',
    more: 'hidden',
  };
  expect((await reply('products?search={"identifier":[{"operator":"IN","value":["seen"]}]}', 422, error)).text).toBe(
    '{"code":422,"message":"The \\"seen\\" and \\"…\\" are not \\"…\\", it isn\'t \\"…\\" or \\"…\\"."}',
  );
  expect((await reply('products', 500, { code: 500, message: 'hidden' })).text).not.toContain('hidden');
  expect((await reply('products', 404, 'hidden')).text).not.toContain('hidden');
});

test.each([
  ['Product P0001X of 4006381333931 is a sibling.', 'Product … of … is a sibling.'],
  ["It isn't in [c3_1], master/c4 or (shirts_2): 100 at most!", "It isn't in […], … or (…): 100 at most!"],
  ['Attribute name of seen-by-me expects 12345 or less.', 'Attribute name of seen-by-me expects 12345 or less.'],
  ['a/b:c@d.e', '…'],
])('nor what looks like a name without quotes: %s', async (message, shown) => {
  const search = encodeURIComponent('{"identifier":[{"operator":"IN","value":["seen-by-me"]}]}');
  const { text } = await reply(`products?search=${search}`, 422, { code: 422, message });
  expect(JSON.parse(text)).toEqual({ code: 422, message: shown });
});

test.each([414, 431])('a web server that takes no such long request (%i) is 502 with that text', async (status) => {
  expect(await reply('products', status, '<html>')).toEqual({
    status: 502,
    text: '{"code":502,"message":"The upstream takes no request as long as a list with the condition of the group."}',
  });
});

test('errors about values that are not seen are not told', async () => {
  const errors = [
    { property: 'values', message: 'Too long', attribute: 'name', locale: 'en_US', scope: null, other: 'hidden' },
    { property: 'values', message: 'As "hidden" has', attribute: 'name', locale: null, scope: null },
    { property: 'values', message: 'no', attribute: 'price', locale: null, scope: null },
    { property: 'values', message: 'no', attribute: 'name', locale: 'de_DE', scope: null },
  ];
  const sent = { values: { name: [{ locale: 'en_US', scope: null, data: 'x' }] } };
  const { text } = await reply(
    'products/owned',
    422,
    { code: 422, message: 'Validation failed.', errors },
    'PATCH',
    sent,
  );
  expect(JSON.parse(text)).toEqual({
    code: 422,
    message: 'Validation failed.',
    errors: [
      { property: 'values', message: 'Too long', attribute: 'name', locale: 'en_US', scope: null },
      { property: 'values', message: 'As "…" has', attribute: 'name', locale: null, scope: null },
    ],
  });
});

test('a success of a write says nothing more', async () => {
  expect(await reply('products/owned', 204, { secret: 'hidden' }, 'PATCH', { enabled: true })).toEqual({
    status: 204,
    text: '',
  });
});

test('what is hidden and what is not there is the same 404, whatever the upstream says', async () => {
  const missing = {
    status: 404,
    text: '{"code":404,"message":"Product \\"x\\" does not exist or you do not have permission to access it."}',
  };
  expect(await reply('products/x', 404, 'No such product, but there is "hidden".')).toEqual(missing);
  expect(await reply('products/x', 200, { identifier: 'x', categories: ['c3'] })).toEqual(missing);
  expect(await reply('products/x', 200, { identifier: 'x' })).toEqual(missing);
});

test('a link that is hidden, a label of a hidden locale and a key that nobody knows are left out', async () => {
  const value = {
    locale: null,
    scope: null,
    data: 'red',
    linked_data: {
      attribute: 'color',
      code: 'red',
      labels: { en_US: 'Red', de_DE: 'Rot' },
      share_links: [{ locale: 'de_DE' }, { locale: null }],
    },
    of_a_later_version: 'x',
  };
  const link = (id: string) => [{ locale: null, scope: null, data: [{ type: 'product_model', id }] }];
  const { text } = await reply('products/x?with_attribute_options=true', 200, {
    categories: [],
    values: { color: [value], sku: link('model-hidden'), name: link('model-seen') },
  });
  expect(JSON.parse(text)).toEqual({
    categories: [],
    values: {
      color: [
        {
          locale: null,
          scope: null,
          data: 'red',
          linked_data: { attribute: 'color', code: 'red', labels: { en_US: 'Red' }, share_links: [{ locale: null }] },
        },
      ],
      name: link('model-seen'),
    },
  });
});

test('an upstream that cannot be asked is 502, not a product without associations', async () => {
  let isAway = false;
  const answer = (path: string, query: string): UpstreamAnswer => {
    if (isAway) throw new Error('connection refused to http://pim.internal with secret');
    return small.pim.ask({ method: 'GET', path, query });
  };
  const fragile = buildCatalogGuard({
    ask: async ({ path, query }) => answer(path, query),
    clock: () => 0,
    cursorKeys: () => [],
  });
  const plan = await fragile.decide(smallGroup, buildCall('GET', 'products/owned'));
  const body = small.pim.ask({ method: 'GET', path: '/api/rest/v1/products/owned', query: '' }).body;
  isAway = true;
  const shown = plan.kind === 'forward' ? await plan.filter?.(200, body) : undefined;
  expect(readShown(shown)).toEqual({
    status: 502,
    text: '{"code":502,"message":"The upstream cannot be asked what the group may see."}',
  });
  const write = await fragile.decide(smallGroup, buildCall('DELETE', 'products/owned'));
  expect(write).toMatchObject({ kind: 'refuse', status: 502 });
});

test('an association that no search finds is looked for by its name before it is left out', async () => {
  const blind = buildCatalogGuard({
    ask: async ({ path, query }) =>
      query.includes('identifier')
        ? { status: 200, body: Buffer.from('{"_embedded":{"items":[]}}') }
        : small.pim.ask({ method: 'GET', path, query }),
    clock: () => 0,
    cursorKeys: () => [],
  });
  const plan = await blind.decide(smallGroup, buildCall('GET', 'products/owned'));
  const associations = { X: { products: ['seen', 'hidden', 'gone'], product_models: ['model-seen', 'model-hidden'] } };
  const body = Buffer.from(JSON.stringify({ categories: ['c2'], associations }));
  const shown = plan.kind === 'forward' ? await plan.filter?.(200, body) : undefined;
  expect(JSON.parse(readShown(shown).text).associations).toEqual({
    X: { products: ['seen'], product_models: ['model-seen'] },
  });
});
