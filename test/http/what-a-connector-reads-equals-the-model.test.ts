import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectionGroupSpec } from '../../src/api/generated/connection-group.ts';
import { buildSample, type SampleEntity } from '../unit/gateway/catalog/pim/build-sample.ts';
import { GroupModel } from '../unit/gateway/catalog/pim/group-model.ts';
import { matchSearch, type SearchQuestion } from '../unit/gateway/catalog/pim/match-search.ts';
import { randomGroup } from '../unit/gateway/catalog/pim/random-group.ts';
import { nameOf, SamplePim } from '../unit/gateway/catalog/pim/sample-pim.ts';
import { type Shown, showEntity } from '../unit/gateway/catalog/pim/show-entity.ts';
import { type GuardedPim, type Said, startGuardedPim } from './start-guarded-pim.ts';

const sample = buildSample(1_000);
const pim = new SamplePim(sample);
const kinds = ['products', 'products-uuid', 'product-models', 'published-products'] as const;
type Kind = (typeof kinds)[number];

type Page = { _links: Record<string, { href: string }>; _embedded: { items: Shown[] }; items_count?: number };

/** All pages of a list, by following its links. */
async function readAll(
  at: GuardedPim,
  group: ConnectionGroupSpec,
  first: string,
): Promise<{ items: Shown[]; pages: Page[] }> {
  const pages: Page[] = [];
  for (let path: string | undefined = first; path !== undefined; ) {
    const said: Said = await at.call(group, 'GET', path);
    expect(said.status, said.text).toBe(200);
    const page = said.json as unknown as Page;
    pages.push(page);
    const hrefs = Object.values(page._links).map(({ href }) => href);
    expect(hrefs.filter((href) => !href.startsWith(`${at.origin}/api/rest/v1/`))).toEqual([]);
    path = page._links.next?.href.slice(`${at.origin}/api/rest/v1/`.length);
  }
  return { items: pages.flatMap(({ _embedded }) => _embedded.items), pages };
}

const withoutLinks = ({ _links, ...entity }: Record<string, unknown>): Record<string, unknown> => entity;

/** What the model says of the answer to a question. */
function expected(kind: Kind, group: ConnectionGroupSpec, question: SearchQuestion): Record<string, unknown>[] {
  const model = new GroupModel(sample, group);
  const all: SampleEntity[] = [...pim.entities(kind).values()];
  const found = matchSearch(
    sample,
    all.filter((entity) => model.sees(entity)),
    question,
  );
  if (typeof found === 'string') throw new Error(found);
  return found.map((entity) => model.show(kind, showEntity(sample, kind, entity, question)));
}

/** Questions that every group may ask. */
const question = fc.record(
  {
    search: fc.constantFrom(
      '{"enabled":[{"operator":"=","value":true}]}',
      '{"parent":[{"operator":"NOT EMPTY"}]}',
      '{"family":[{"operator":"IN","value":["shoes"]}],"enabled":[{"operator":"!=","value":true}]}',
      '{"identifier":[{"operator":"NOT IN","value":["P0001X","M0001X"]}]}',
      '{"categories":[{"operator":"UNCLASSIFIED"}]}',
      '{ }',
      '[]',
    ),
    scope: fc.constantFrom('ecommerce', 'print'),
    with_completenesses: fc.constantFrom('true', 'false'),
    with_quality_scores: fc.constant('true'),
    with_attribute_options: fc.constant('true'),
    with_count: fc.constant('true'),
    limit: fc.constantFrom('100', '37'),
  },
  { requiredKeys: ['limit'] },
);

const toQuery = (asked: object): string => `?${new URLSearchParams({ ...asked })}`;

describe('for random groups', () => {
  test('every list, page by page, is what the model says', { timeout: 120_000 }, async () => {
    const guarded = await startGuardedPim(pim);
    await fc.assert(
      fc.asyncProperty(
        randomGroup(sample),
        fc.constantFrom(...kinds),
        question,
        fc.constantFrom('page', 'search_after'),
        async (group, kind, asked, pagination_type) => {
          const { items, pages } = await readAll(guarded, group, kind + toQuery({ ...asked, pagination_type }));
          const model = expected(kind, group, asked);
          expect(items.map(withoutLinks)).toEqual(model);
          expect(items.map(({ _links }) => Object.keys(_links as object))).toEqual(model.map(() => ['self']));
          const counts = pages.flatMap(({ items_count }) => items_count ?? []);
          const isCounted = asked.with_count === 'true' && pagination_type === 'page';
          expect(counts).toEqual(isCounted ? pages.map(() => model.length) : []);
          // Pages are full: only the last one may hold less than was asked for.
          for (const page of pages.slice(0, -1)) expect(page._embedded.items).toHaveLength(Number(asked.limit));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a search by POST is what the model says', async () => {
    const guarded = await startGuardedPim(pim);
    await fc.assert(
      fc.asyncProperty(randomGroup(sample), question, async (group, { limit, with_count: _, ...asked }) => {
        const said = await guarded.call(group, 'POST', `products-uuid/search?limit=${limit}`, JSON.stringify(asked));
        expect(said.status, said.text).toBe(200);
        const items = (said.json as unknown as Page)._embedded.items;
        expect(items.map(withoutLinks)).toEqual(expected('products-uuid', group, asked).slice(0, Number(limit)));
      }),
      { numRuns: 20 },
    );
  });

  test('one of them is what the model says, or 404 as if it were not there', async () => {
    const guarded = await startGuardedPim(pim);
    await fc.assert(
      fc.asyncProperty(
        randomGroup(sample),
        fc.constantFrom(...kinds),
        fc.nat(999),
        fc.constantFrom('', '?with_completenesses=true', '?with_quality_scores=true&with_attribute_options=true'),
        async (group, kind, number, query) => {
          const all = [...pim.entities(kind).values()];
          const entity = all[number % all.length] as SampleEntity;
          const id = kind === 'products-uuid' ? String(entity.uuid) : nameOf(entity);
          const said = await guarded.call(
            group,
            'GET',
            `${kind}/${id.split('/').map(encodeURIComponent).join('/')}${query}`,
          );
          const model = new GroupModel(sample, group);
          if (model.sees(entity)) {
            const asked = Object.fromEntries(new URLSearchParams(query));
            expect(said.json).toEqual(model.show(kind, showEntity(sample, kind, entity, asked)));
          } else {
            expect(said.status).toBe(404);
            const missing = await guarded.call(group, 'GET', `${kind}/nothing`);
            expect(said.text.replaceAll(id, 'nothing')).toBe(missing.text);
          }
        },
      ),
      { numRuns: 80 },
    );
  });
});
