import { describe, expect, test } from 'vitest';
import { UnjudgedPart } from '../../../../../src/gateway/catalog/write/multipart-gate.ts';
import { buildCall } from '../pim/call-through-guard.ts';
import { buildSmallPim, smallGroup, uuidFor } from '../pim/small-pim.ts';

const { guard } = buildSmallPim();
const boundary = 'xYzB0undary';
const type = `multipart/form-data; boundary=${boundary}`;
const file = 'PNG\r\n--x\r\n\u0000\r\n-';

const part = (disposition: string, content: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const target = (over: object = {}): string =>
  JSON.stringify({ identifier: 'owned', attribute: 'name', scope: null, locale: 'en_US', ...over });
const filePart = part('name="file"; filename="a.png"', file);
const end = `--${boundary}--\r\n`;
const upload = (product: string, name = 'product'): string => part(`name="${name}"`, product) + filePart + end;

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** `ok` when the upstream gets exactly the body; else the refusal, or what broke the body off. */
async function send(
  body: string,
  { contentType = type as string | undefined, size = 7, query = '' } = {},
): Promise<string> {
  const call = buildCall('POST', `media-files${query}`);
  const plan = await guard.decideUpload(smallGroup, call, contentType, inPieces(body, size));
  if (plan.kind === 'refuse') return `${plan.status} ${plan.message.replace(/^.*does not allow this: /, '')}`;
  const sent: Buffer[] = [];
  try {
    for await (const piece of plan.body) sent.push(piece);
  } catch (error) {
    if (!(error instanceof UnjudgedPart)) throw error;
    const text = Buffer.concat(sent).toString('latin1');
    expect(text).not.toContain(`--${boundary}--`);
    expect(text.split('name="product"')).toHaveLength(2);
    return error.message;
  }
  expect(Buffer.concat(sent).toString('latin1')).toBe(body);
  return 'ok';
}

describe('judged as a write', () => {
  test.each<[object, string, string]>([
    [{}, 'product', 'ok'],
    [{ locale: null }, 'product', 'ok'],
    [{ identifier: 'free' }, 'product', 'ok'],
    [{ identifier: 'edited' }, 'product', '403 product "edited" (not owned).'],
    [{ identifier: 'hidden' }, 'product', '403 product "hidden" (not seen).'],
    [{ identifier: 'gone' }, 'product', '422 Product "gone" does not exist.'],
    [{ attribute: 'price' }, 'product', '403 attribute "price" (not editable).'],
    [{ locale: 'fr_FR' }, 'product', '403 locale "fr_FR" (not editable).'],
    [{ identifier: undefined, uuid: uuidFor('owned') }, 'product', 'ok'],
    [{ identifier: undefined, uuid: uuidFor('hidden') }, 'product', `403 product "${uuidFor('hidden')}" (not seen).`],
    [
      { uuid: uuidFor('hidden') },
      'product',
      '422 Product property must contain "identifier", "attribute", "locale" and "scope" properties.',
    ],
    [
      { locale: undefined },
      'product',
      '422 Product property must contain "identifier", "attribute", "locale" and "scope" properties.',
    ],
    [
      { locale: ['en_US'] },
      'product',
      '422 Product property must contain "identifier", "attribute", "locale" and "scope" properties.',
    ],
    [{ data: 'x' }, 'product', '403 property "data" (not known).'],
    [{ identifier: undefined, code: 'model-owned' }, 'product_model', 'ok'],
    [{ identifier: undefined, code: 'model-seen' }, 'product_model', '403 product model "model-seen" (not owned).'],
    [{ identifier: undefined, code: 'model-hidden' }, 'product_model', '403 product model "model-hidden" (not seen).'],
    [
      {},
      'product_model',
      '422 Product model property must contain "code", "attribute", "locale" and "scope" properties.',
    ],
  ])('%j as %s: %s', async (over, name, expected) => {
    expect(await send(upload(target(over), name))).toBe(expected);
  });

  test('whatever the pieces are in which it arrives', async () => {
    for (const size of [1, 2, 3, 50, 1000]) expect(await send(upload(target()), { size })).toBe('ok');
  });

  test('a large file is not kept', async () => {
    const large =
      part('name="product"', target()) + part('name="file"; filename="b"', `${file}\r\n--x`.repeat(40_000)) + end;
    expect(await send(large, { size: 65_536 })).toBe('ok');
  });

  test.each([`multipart/form-data; boundary="${boundary}"`, `Multipart/Form-Data;boundary=${boundary}`])(
    '%s',
    async (contentType) => {
      expect(await send(upload(target()), { contentType })).toBe('ok');
    },
  );
});

const bad = '400 The multipart body is not well-formed.';
const product = part('name="product"', target());
const other = part('name="product"', target({ identifier: 'hidden' }));

describe('not judged, so not sent', () => {
  test.each<[string, string, string]>([
    ['no part before the file', filePart + end, '403 a file without a "product" or "product_model" part before it.'],
    ['a part twice', product + other + filePart + end, '400 The part "product" is given more than once.'],
    [
      'both parts',
      product + part('name="product_model"', '{}') + filePart + end,
      '422 You should give either a "product" or a "product_model" key.',
    ],
    [
      'another part',
      part('name="other"', 'x') + product + filePart + end,
      '403 Access forbidden. A part "other" is not known.',
    ],
    ['no file', product + end, bad],
    ['a key twice', upload('{"identifier":"owned","identifier":"hidden"}'), '400 The "product" part has a key twice.'],
    ['no JSON', upload('x'), '400 Invalid json message received'],
    ['text before the first delimiter', `x\r\n${product}${filePart}${end}`, bad],
    ['bare line feeds', upload(target()).replaceAll('\r\n', '\n'), bad],
    ['a delimiter after a bare line feed', part('name="product"', `x\n--${boundary}\r\n`) + filePart + end, bad],
    [
      'a part that ends in a bare line feed',
      `${part('name="product"', target()).slice(0, -2)} \n${filePart}${end}`,
      bad,
    ],
    [
      'a header twice',
      product.replace('\r\n\r\n', '\r\nContent-Disposition: form-data; name="file"\r\n\r\n') + filePart + end,
      bad,
    ],
    ['a folded header', product.replace('form-data;', 'form-data;\r\n ') + filePart + end, bad],
    ['an unknown header', product.replace('\r\n\r\n', '\r\nX-Name: file\r\n\r\n') + filePart + end, bad],
    ['a name twice', part('name="product"; name="x"', target()) + filePart + end, bad],
    ['an escaped name', part('name="prod\\"uct"', target()) + filePart + end, bad],
    ['a file as product', part('name="product"; filename="x"', target()) + filePart + end, bad],
    ['an array as name', part('name="product[]"', target()) + filePart + end, bad],
    [
      'long headers',
      product.replace('\r\n\r\n', `\r\nContent-Type: ${'x'.repeat(5000)}\r\n\r\n`) + filePart + end,
      bad,
    ],
    [
      'a long part',
      part('name="product"', ' '.repeat(70_000)) + filePart + end,
      '413 What stands before the file is too long.',
    ],
    [
      'a part behind the file',
      product + filePart + other + end,
      'The file is not the last part of the multipart body.',
    ],
    [
      'the same after a bare line feed',
      `${product}${filePart.slice(0, -2)}\n${other}${end}`,
      'The file is not the last part of the multipart body.',
    ],
    ['a part behind the end', product + filePart + end + other, 'The file is not the last part of the multipart body.'],
    ['no end', product + filePart, 'The multipart body ends within the file.'],
  ])('%s', async (_what, body, expected) => {
    for (const size of [3, 10_000, 1_000_000]) expect(await send(body, { size })).toBe(expected);
  });

  test.each([
    undefined,
    'multipart/form-data',
    `multipart/form-data; xboundary=a; boundary=${boundary}`,
    `multipart/form-data; boundary=${boundary}; boundary=b`,
    `multipart/form-data; charset=utf-8; boundary=${boundary}`,
    `multipart/mixed; boundary=${boundary}`,
    'application/json',
  ])('Content-Type %s', async (contentType) => {
    const said = await guard.decideUpload(smallGroup, buildCall('POST', 'media-files'), contentType, inPieces('', 1));
    expect(said).toMatchObject({ kind: 'refuse', status: 400 });
  });

  test('a query', async () => {
    expect(await send(upload(target()), { query: '?product=x' })).toMatch(/^422 /);
  });
});

test('a group that grants nothing uploads nothing', async () => {
  const said = await guard.decideUpload({}, buildCall('POST', 'media-files'), type, inPieces(upload(target()), 100));
  expect(said).toMatchObject({ kind: 'refuse', status: 403 });
});

test('a file is read by its code, the list of them is not', async () => {
  const { call, guard: one } = buildSmallPim();
  expect((await call(smallGroup, 'GET', 'media-files/7/5/a.jpg')).json).toEqual({ code: '7/5/a.jpg' });
  const download = await one.decide(smallGroup, buildCall('GET', 'media-files/7/5/a.jpg/download'));
  expect(download).toEqual({
    kind: 'forward',
    method: 'GET',
    path: '/api/rest/v1/media-files/7/5/a.jpg/download',
    query: '',
  });
  expect((await call(smallGroup, 'GET', 'media-files')).status).toBe(403);
  expect((await call(smallGroup, 'GET', 'media-files/a.jpg?x=1')).status).toBe(422);
});
