import { expect, test } from 'vitest';
import { openCursor, sealCursor } from '../../../../../src/gateway/catalog/query/seal-cursor.ts';
import { buildCall } from '../pim/call-through-guard.ts';
import { buildSmallPim, smallGroup } from '../pim/small-pim.ts';

const keys = [Buffer.alloc(32, 2), Buffer.alloc(32, 1)];

test('a cursor opens for its own binding alone', () => {
  const sealed = sealCursor('P0001X', 'mine', keys) ?? '';
  expect(openCursor(sealed, 'mine', keys)).toBe('P0001X');
  expect(openCursor(sealed, 'theirs', keys)).toBeUndefined();
  expect(openCursor(sealed, 'mine', [Buffer.alloc(32, 3)])).toBeUndefined();
  expect(sealed).toMatch(/^[\w-]+$/);
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('P0001X');
});

test('a key that is no longer the newest still opens; without a key there is no cursor', () => {
  const sealed = sealCursor('x', 'mine', keys.slice(1)) ?? '';
  expect(openCursor(sealed, 'mine', keys)).toBe('x');
  expect(sealCursor('x', 'mine', [])).toBeUndefined();
});

test.each(['', 'x', 'P0001X', '====', 'A'.repeat(37), 'A'.repeat(38), 'A'.repeat(4000)])('%s is no cursor', (text) => {
  expect(openCursor(text, 'mine', keys)).toBeUndefined();
});

test('each changed character makes it worthless', () => {
  const sealed = sealCursor('P0001X', 'mine', keys) ?? '';
  for (let at = 0; at < sealed.length - 1; at++) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    expect(openCursor(sealed.slice(0, at) + other + sealed.slice(at + 1), 'mine', keys)).toBeUndefined();
  }
});

test('the cursor of a list is good for this connection and this list', async () => {
  const { guard, call, pim } = buildSmallPim();
  const list = 'products?pagination_type=search_after&limit=2';
  const { json } = await call(smallGroup, 'GET', list);
  const next = (json as { _links: { next: { href: string } } })._links.next.href;
  const cursor = new URL(next, 'http://x').searchParams.get('search_after') ?? '';
  for (const name of pim.sample.products.keys()) {
    expect(Buffer.from(cursor, 'base64').toString('latin1')).not.toContain(name);
  }
  const status = async (path: string, connection?: string): Promise<unknown> => {
    const plan = await guard.decide(smallGroup, buildCall('GET', path, connection));
    return plan.kind === 'refuse' ? plan.status : plan.kind;
  };
  expect(await status(`${list}&search_after=${cursor}`)).toBe('forward');
  expect(await status(`${list}&search_after=${cursor}`, 'uid-2')).toBe(422);
  expect(await status(`${list}&scope=print&search_after=${cursor}`)).toBe(422);
  expect(await status(`products?pagination_type=search_after&limit=3&search_after=${cursor}`)).toBe(422);
  expect(await status(`product-models?pagination_type=search_after&limit=2&search_after=${cursor}`)).toBe(422);
  // The order in which a client writes its parameters does not matter.
  expect(await status(`products?search_after=${cursor}&limit=2&pagination_type=search_after`)).toBe('forward');
});
