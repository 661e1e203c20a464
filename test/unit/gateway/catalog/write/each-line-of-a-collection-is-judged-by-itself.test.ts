import { beforeEach, describe, expect, test } from 'vitest';
import type { GuardedPim } from '../pim/call-through-guard.ts';
import { buildSmallPim, smallGroup, uuidFor } from '../pim/small-pim.ts';

let guarded: GuardedPim;
beforeEach(() => {
  guarded = buildSmallPim();
});

const refusal = 'Access forbidden. The group of the connection does not allow this: ';

async function send(path: string, lines: readonly (object | string)[], end = ''): Promise<unknown[]> {
  const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n') + end;
  const { status, text } = await guarded.call(smallGroup, 'PATCH', path, body);
  expect(status).toBe(200);
  return text.split('\n').map((line) => JSON.parse(line) as unknown);
}

/** What reached the upstream as PATCH. */
const writes = (): number => guarded.pim.asked.filter((line) => line.startsWith('PATCH')).length;

test('refused lines are answered in place, the others by the upstream, all under their own numbers', async () => {
  expect(
    await send('products', [
      { identifier: 'hidden', enabled: false },
      { identifier: 'owned', enabled: false },
      { identifier: 'new', categories: ['c2'] },
      { identifier: 'seen', enabled: false },
      'not JSON',
      { identifier: 'owned/2', family: 'wrong', categories: ['c2'] },
      '{"identifier":"a","identifier":"b"}',
      '',
      { enabled: true },
      { identifier: ' ' },
      { identifier: 'free', enabled: false },
    ]),
  ).toEqual([
    { line: 1, identifier: 'hidden', status_code: 403, message: `${refusal}product "hidden" (not seen).` },
    { line: 2, identifier: 'owned', status_code: 204 },
    { line: 3, identifier: 'new', status_code: 201 },
    { line: 4, identifier: 'seen', status_code: 403, message: `${refusal}product "seen" (not owned).` },
    { line: 5, status_code: 400, message: 'Invalid json message received' },
    {
      line: 6,
      identifier: 'owned/2',
      status_code: 422,
      message: 'Family "wrong" of "owned/2" is not that of its sibling "…".',
    },
    { line: 7, status_code: 400, message: 'The JSON message has a key twice.' },
    { line: 8, status_code: 400, message: 'Invalid json message received' },
    { line: 9, status_code: 422, message: 'Identifier is missing.' },
    { line: 10, status_code: 422, message: 'Identifier is missing.' },
    { line: 11, identifier: 'free', status_code: 204 },
  ]);
  expect(guarded.pim.sample.products.get('hidden')?.enabled).toBe(true);
  expect(guarded.pim.sample.products.get('owned')?.enabled).toBe(false);
  expect(writes()).toBe(1);
});

test('a second line about one product is refused, by whatever spelling the database takes for the same', async () => {
  const names = ['owned', 'OWNED', 'ówned', 'owned '];
  const replies = await send(
    'products',
    names.map((identifier) => ({ identifier, enabled: false })),
  );
  expect(replies.map((reply) => (reply as { status_code: number }).status_code)).toEqual([204, 403, 403, 403]);
});

test('when no line passes, the upstream gets no write', async () => {
  expect(await send('product-models', [{ code: 'model-hidden' }, { code: 'model-seen' }], '\n')).toEqual([
    { line: 1, code: 'model-hidden', status_code: 403, message: `${refusal}product model "model-hidden" (not seen).` },
    { line: 2, code: 'model-seen', status_code: 403, message: `${refusal}product model "model-seen" (not owned).` },
  ]);
  expect(writes()).toBe(0);
});

test('by uuid', async () => {
  expect(
    await send('products-uuid', [
      { uuid: uuidFor('owned'), enabled: false },
      { uuid: 'x' },
      { uuid: uuidFor('edited') },
    ]),
  ).toEqual([
    { line: 1, uuid: uuidFor('owned'), status_code: 204 },
    { line: 2, status_code: 422, message: '"x" is not a valid uuid.' },
    {
      line: 3,
      uuid: uuidFor('edited'),
      status_code: 403,
      message: `${refusal}product "${uuidFor('edited')}" (not owned).`,
    },
  ]);
});

describe('limits of the PIM', () => {
  const line = (at: number): object => ({ identifier: `n${at}` });

  test('101 lines are 413, 100 with a line feed at the end are not', async () => {
    const lines = Array.from({ length: 101 }, (_, at) => JSON.stringify(line(at)));
    const many = await guarded.call(smallGroup, 'PATCH', 'products', lines.join('\n'));
    expect([many.status, many.json.message]).toEqual([
      413,
      'Too many resources to process, 100 is the maximum allowed.',
    ]);
    expect(await send('products', lines.slice(1), '\n')).toHaveLength(100);
  });

  test('a line of more than a million bytes is answered in place', async () => {
    const long = {
      identifier: 'owned',
      values: { name: [{ locale: 'en_US', scope: null, data: 'x'.repeat(1_000_000) }] },
    };
    expect(await send('products', [long, { identifier: 'free' }])).toEqual([
      { line: 1, status_code: 413, message: 'Line is too long.' },
      { line: 2, identifier: 'free', status_code: 204 },
    ]);
  });
});

test('what the search does not find yet is looked up by itself before it is taken for new', async () => {
  const { pim } = guarded;
  const ask = pim.ask.bind(pim);
  pim.ask = (request) =>
    request.query.includes('search=') ? { status: 200, body: Buffer.from('{"_embedded":{"items":[]}}') } : ask(request);
  expect(await send('products', [{ identifier: 'hidden' }, { identifier: 'owned' }])).toEqual([
    { line: 1, identifier: 'hidden', status_code: 403, message: `${refusal}product "hidden" (not seen).` },
    { line: 2, identifier: 'owned', status_code: 204 },
  ]);
});

test('a collection of a hundred is judged with few questions', async () => {
  const lines = Array.from({ length: 100 }, (_, at) => {
    const identifier = `P${at}`;
    const product = { ...structuredClone(guarded.pim.sample.products.get('owned')), identifier, uuid: `x${at}` };
    guarded.pim.sample.products.set(identifier, product as never);
    return {
      identifier,
      associations: { X_SELL: { products: ['seen', `P${(at + 1) % 100}`], product_models: ['model-seen'] } },
    };
  });
  expect(await send('products', lines)).toHaveLength(100);
  expect(guarded.pim.asked.length).toBeLessThan(8);
});

test('replies that do not come, or come for lines that were not sent, are told as such', async () => {
  const { pim } = guarded;
  const ask = pim.ask.bind(pim);
  const replies = '{"line":1,"status_code":204,"seen":"hidden"}\n{"line":7,"status_code":204}\nnonsense\n{"line":"2"}';
  pim.ask = (request) => (request.method === 'PATCH' ? { status: 200, body: Buffer.from(replies) } : ask(request));
  const unclear = 'The upstream gave no answer that can be shown.';
  expect(await send('products', [{ identifier: 'owned' }, { identifier: 'hidden' }, { identifier: 'both' }])).toEqual([
    { line: 1, status_code: 204 },
    { line: 2, identifier: 'hidden', status_code: 403, message: `${refusal}product "hidden" (not seen).` },
    { line: 3, identifier: 'both', status_code: 502, message: unclear },
  ]);
});
