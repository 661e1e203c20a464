import { expect, test } from 'vitest';
import type { AskUpstream } from '../../../../../src/gateway/catalog/catalog-upstream.ts';
import { buildCachedStructure } from '../../../../../src/gateway/catalog/structure/cached-structure.ts';
import { CategoryTree } from '../../../../../src/gateway/catalog/structure/category-tree.ts';

/** An upstream whose pages hold two categories each, and a clock. */
function build(codes: string[]) {
  const at = { now: 0, asked: 0, isAway: false };
  const ask: AskUpstream = async ({ path, query }) => {
    at.asked++;
    if (at.isAway) throw new Error('away');
    const page = Number(new URLSearchParams(query).get('page'));
    const items = codes.slice((page - 1) * 2, page * 2).map((code) => ({ code, parent: null, path }));
    const links = codes.length > page * 2 ? { next: { href: 'x' } } : {};
    return { status: 200, body: Buffer.from(JSON.stringify({ _links: links, _embedded: { items } })) };
  };
  return { at, structure: buildCachedStructure(ask, () => at.now) };
}

const has = (tree: CategoryTree, code: string): boolean =>
  tree.expand(new Set([code])) !== 'all' && [...tree.expand(new Set([code]))].length > 0;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('all pages are read once for all who ask at the same time', async () => {
  const { at, structure } = build(['a', 'b', 'c', 'd', 'e']);
  const [one, two] = await Promise.all([structure.categories(), structure.categories()]);
  expect(one).toBe(two);
  expect(has(one, 'e')).toBe(true);
  expect(at.asked).toBe(3);
  await structure.categories();
  expect(at.asked).toBe(3);
});

test('from half a minute on it is read anew beside the request, which does not wait', async () => {
  const codes = ['a'];
  const { at, structure } = build(codes);
  const first = await structure.categories();
  codes.push('b');
  at.now = 29_999;
  expect(await structure.categories()).toBe(first);
  expect(at.asked).toBe(1);
  at.now = 30_000;
  expect(await structure.categories()).toBe(first);
  await settle();
  expect(has(await structure.categories(), 'b')).toBe(true);
  expect(at.asked).toBe(2);
});

test('after a minute nobody gets what was known before', async () => {
  const codes = ['a'];
  const { at, structure } = build(codes);
  await structure.categories();
  codes.push('b');
  at.now = 60_000;
  expect(has(await structure.categories(), 'b')).toBe(true);
});

test('an upstream that is away costs nothing for half a minute, then everything', async () => {
  const { at, structure } = build(['a']);
  const first = await structure.categories();
  at.isAway = true;
  at.now = 59_999;
  expect(await structure.categories()).toBe(first);
  await settle();
  at.now = 60_000;
  await expect(structure.categories()).rejects.toMatchObject({ code: 'CATALOG_UNAVAILABLE', retry: true });
  at.isAway = false;
  expect(has(await structure.categories(), 'a')).toBe(true);
});

test.each([
  [403, '{"code":403}'],
  [200, 'nonsense'],
  [200, '{"_embedded":{}}'],
])('an upstream that does not list them (%i %s) is not taken for an empty one', async (status, body) => {
  const structure = buildCachedStructure(
    async () => ({ status, body: Buffer.from(body) }),
    () => 0,
  );
  await expect(structure.attributes()).rejects.toThrow('The upstream does not list its attributes.');
});

test('a category stands for its subtree; what is not there stands for nothing; a circle ends', () => {
  const tree = new CategoryTree([
    { code: 'root' },
    { code: 'a', parent: 'root' },
    { code: 'b', parent: 'a' },
    { code: 'x', parent: 'y' },
    { code: 'y', parent: 'x' },
    { code: 'orphan', parent: 'gone' },
  ]);
  const expand = (...codes: string[]): string[] => [...tree.expand(new Set(codes))].sort();
  expect(expand('a')).toEqual(['a', 'b']);
  expect(expand('root', 'orphan')).toEqual(['a', 'b', 'orphan', 'root']);
  expect(expand('x')).toEqual(['x', 'y']);
  expect(expand('gone')).toEqual([]);
  expect(tree.expand('all')).toBe('all');
});
