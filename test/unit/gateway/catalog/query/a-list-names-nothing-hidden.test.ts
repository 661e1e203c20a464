import { describe, expect, test } from 'vitest';
import { buildCall } from '../pim/call-through-guard.ts';
import { buildSmallPim, smallGroup } from '../pim/small-pim.ts';

const guarded = buildSmallPim();
const search = (filters: object): string => `products?search=${encodeURIComponent(JSON.stringify(filters))}`;
const on = (property: string, filter: object, others = ''): string => search({ [property]: [filter] }) + others;

async function ask(target: string): Promise<string> {
  const { status, json } = await guarded.call(smallGroup, 'GET', target);
  return status === 200 ? 'ok' : `${status} ${json.message}`;
}

const unsupported = (property: string, operator: string): string =>
  `422 Filter on property "${property}" is not supported or does not support operator "${operator}"`;

describe('refused in the words for the unknown', () => {
  test.each([
    ['products?attributes=price', '422 Attribute "price" does not exist.'],
    ['products?attributes=name,price,%20gone', '422 Attributes "price, gone" do not exist.'],
    ['products?attributes=NAME', '422 Attribute "NAME" does not exist.'],
    ['products?attributes=', '422 Attribute "" does not exist.'],
    ['products?locales=de_DE', '422 Locale "de_DE" does not exist or is not activated.'],
    ['products?locales=en_US,xx_XX,de_DE', '422 Locales "xx_XX, de_DE" do not exist or are not activated.'],
    ['products?search_locale=de_DE', '422 Locale "de_DE" does not exist or is not activated.'],
    ['products?scope=gone', '422 Scope "gone" does not exist.'],
    [on('price', { operator: 'NOT EMPTY' }), unsupported('price', 'NOT EMPTY')],
    [on('gone', { operator: '=', value: 1 }), unsupported('gone', '=')],
    [on('battery', { operator: 'NOT EMPTY' }), unsupported('battery', 'NOT EMPTY')],
    [on('completeness', { operator: '>', value: 1, scope: 'print' }), unsupported('completeness', '>')],
    [on('quality_score', { operator: 'IN', value: ['A'] }), unsupported('quality_score', 'IN')],
    [on('updated_including_linked_entities', { operator: '>' }), unsupported('updated_including_linked_entities', '>')],
    [on('label_or_identifier', { operator: '=', value: 'x' }), unsupported('label_or_identifier', '=')],
    [on('ancestor.code', { operator: 'IN', value: ['x'] }), unsupported('ancestor.code', 'IN')],
    [on('name', { operator: 'NOT EMPTY' }), '422 Attribute "name" expects a locale, none given.'],
    [on('name', { operator: 'NOT EMPTY', locale: null }), '422 Attribute "name" expects a locale, none given.'],
    [on('name', { operator: 'EMPTY', locale: 'de_DE' }), '422 Locale "de_DE" does not exist or is not activated.'],
    [on('family', { operator: 'EMPTY', locale: 'de_DE' }), '422 Locale "de_DE" does not exist or is not activated.'],
    [on('name', { operator: 'EMPTY', locales: ['de_DE'] }), '422 Locale "de_DE" does not exist or is not activated.'],
    [
      on('name', { operator: 'EMPTY', locale: ['de_DE'] }),
      '422 Property "name" expects a string with the key "locale".',
    ],
    [on('categories', { operator: 'IN', value: ['c3'] }), '422 Category "c3" does not exist.'],
    [on('categories', { operator: 'NOT IN', value: ['c0', 'c3', 'x'] }), '422 Categories "c3, x" do not exist.'],
    [on('categories', { operator: 'IN CHILDREN', value: ['master'] }), '422 Category "master" does not exist.'],
    [on('categories', { operator: 'IN' }), '422 Property "categories" expects an array as data.'],
    [on('categories', { operator: 'IN', value: 'c3' }), '422 Property "categories" expects an array as data.'],
    [
      on('parent', { operator: '=', value: 'model-hidden' }),
      '422 Object "product model" with code "model-hidden" does not exist',
    ],
    [
      on('parent', { operator: 'IN', value: ['model-seen', 'x'] }),
      '422 Object "product model" with code "x" does not exist',
    ],
    [
      on('parent', { operator: 'IN', value: { a: 'model-hidden' } }),
      '422 Property "parent" expects a string or an array of strings as data.',
    ],
    [on('name', { operator: 'EMPTY', field: 'price' }), '422 A filter on "name" has no "field".'],
    [on('name', { value: 'x' }), '422 Operator is missing for the property "name".'],
    [
      search({ name: { operator: 'EMPTY' } }),
      '422 Structure of filter "name" should respect this structure: {"name":[{"operator": "my_operator", "value": "my_value"}]}',
    ],
    [
      search({ name: [] }),
      '422 Structure of filter "name" should respect this structure: {"name":[{"operator": "my_operator", "value": "my_value"}]}',
    ],
    [
      search({ name: ['price'] }),
      '422 Structure of filter "name" should respect this structure: {"name":[{"operator": "my_operator", "value": "my_value"}]}',
    ],
  ])('%s', async (target, expected) => {
    expect(await ask(target)).toBe(expected);
  });
});

describe('refused because it has no one reading', () => {
  test.each([
    ['products?search.after=x', '422 The query parameter "search.after" is not known on this endpoint.'],
    ['products?search%20after=x', '422 The query parameter "search after" is not known on this endpoint.'],
    ['products?%20search=x', '422 The query parameter " search" is not known on this endpoint.'],
    ['products?search[]=x', '422 The query parameter "search[]" is not known on this endpoint.'],
    ['products?search%5B%5D=x', '422 The query parameter "search[]" is not known on this endpoint.'],
    ['products?Limit=1', '422 The query parameter "Limit" is not known on this endpoint.'],
    ['products?search%00=x', '422 The query parameter "search\u0000" is not known on this endpoint.'],
    ['products?access_token=x', '422 The query parameter "access_token" is not known on this endpoint.'],
    ['products/seen?search=x', '422 The query parameter "search" is not known on this endpoint.'],
    ['products?limit=1&limit=2', '400 The query parameter "limit" is given more than once.'],
    ['products?limit=1&%6Cimit=2', '400 The query parameter "limit" is given more than once.'],
    ['products?limit=%ff', '400 The query is not percent-encoded UTF-8.'],
    ['products?search={"a":1,"a":2}', '400 The "search" parameter has a key twice.'],
    [
      'products?search={"categories":[{"operator":"IN","operator":"X"}]}',
      '400 The "search" parameter has a key twice.',
    ],
    ['products?search=', '400 Search query parameter should be valid JSON.'],
    ['products?search=1', '400 Search query parameter should be valid JSON.'],
    ['products?search=[1]', '400 Search query parameter should be valid JSON.'],
    ['products?search={', '400 Search query parameter should be valid JSON.'],
    ['products?page=0', '422 "0" is not a valid page number.'],
    ['products?page=1e3', '422 "1e3" is not a valid page number.'],
    ['products?limit=-1', '422 "-1" is not a valid limit number.'],
    ['products?limit=101', '422 You cannot request more than 100 items.'],
    ['products?pagination_type=x', '422 Pagination type does not exist.'],
    [
      'products?with_count=1',
      '422 Parameter "with_count" has to be a boolean. Only "true" or "false" allowed, "1" given.',
    ],
    ['products?search_after=x', '422 The parameter "search_after" is no cursor of this list.'],
  ])('%s', async (target, expected) => {
    expect(await ask(target)).toBe(expected);
  });
});

describe('passes', () => {
  test.each([
    'products?&page=1',
    'products?',
    'products?search_after=',
    'products?attributes=name,%20color',
    'products?locales=fr_FR, en_US'.replace(' ', '+'),
    'products?search={}',
    'products?search=[]',
    on('name', { operator: 'NOT EMPTY', locale: 'fr_FR' }),
    on('name', { operator: 'NOT EMPTY' }, '&search_locale=en_US'),
    on('categories', { operator: 'IN CHILDREN', value: ['c0', 'c1', 'c2_0'] }),
    on('categories', { operator: 'UNCLASSIFIED' }),
    on('parent', { operator: '=', value: 'model-owned' }),
    on('color', { operator: 'IN', value: ['red'] }),
    on('identifier', { operator: 'IN', value: ['hidden', 'seen'] }),
  ])('%s', async (target) => {
    expect(await ask(target)).toBe('ok');
  });
});

test('the filters of a client are kept beside the condition', async () => {
  const own = on('categories', { operator: 'NOT IN CHILDREN', value: ['c0'] });
  const { json } = await guarded.call(smallGroup, 'GET', `${own}&limit=100`);
  const items = (json as { _embedded: { items: { identifier: string }[] } })._embedded.items;
  expect(items.map(({ identifier }) => identifier).sort()).toEqual([
    'both',
    'child',
    'edited',
    'free',
    'owned',
    'variant',
  ]);
});

test('nobody filters by links to products, which may be hidden', async () => {
  const group = { catalog: { ...smallGroup.catalog, attributeGroups: { view: ['*'] } } };
  const filter = on('battery', { operator: 'NOT EMPTY' });
  const said = await guarded.call(group, 'GET', filter);
  expect([said.status, said.json.message]).toEqual([422, unsupported('battery', 'NOT EMPTY').slice(4)]);
  const seesAll = { catalog: { ...group.catalog, categories: { view: ['*'] } } };
  expect((await guarded.call(seesAll, 'GET', filter)).status).toBe(200);
});

test('the query is built anew; numbers in it stay as they came', async () => {
  const search = '{"color":[ {"operator":"=","value":1.10} ],"categories":[{"operator":"UNCLASSIFIED"}]}';
  const call = buildCall('GET', `products?&with_quality_scores=true&limit=%31&search=${encodeURIComponent(search)}&`);
  const plan = await guarded.guard.decide(
    { catalog: { ...smallGroup.catalog, categories: { view: ['c0_0_0'] } } },
    call,
  );
  expect(plan.kind === 'forward' && [...new URLSearchParams(plan.query)]).toEqual([
    ['limit', '1'],
    [
      'search',
      '{"color":[ {"operator":"=","value":1.10} ],"categories":[{"operator":"UNCLASSIFIED"},{"operator":"IN OR UNCLASSIFIED","value":["c0_0_0"]}]}',
    ],
  ]);
});

test('more categories than the PIM takes in a filter are 403 with that number', async () => {
  const wide = buildSmallPim();
  for (let at = 0; at < 800; at++) wide.pim.sample.categories.push({ code: `more${at}`, parent: 'c4' });
  const all = { ...smallGroup.catalog, categories: { view: ['c4'] } };
  const { status, json } = await wide.call({ catalog: all }, 'GET', 'products');
  expect([status, json.message]).toEqual([
    403,
    'Access forbidden. The group sees 810 categories, subtrees included; the PIM takes 800 in a filter.',
  ]);
  const one = await wide.call({ catalog: all }, 'GET', 'products/free');
  expect(one.status).toBe(200);
  const few = await wide.call({ catalog: { ...all, categories: { view: ['c4_0'] } } }, 'GET', 'products');
  expect(few.status).toBe(200);
});
