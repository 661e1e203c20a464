import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRights } from '../../src/access/group-rights.ts';
import { akeneoEndpoints } from '../../src/api/akeneo-endpoints.ts';
import type { ConnectionGroupSpec } from '../../src/api/generated/connection-group.ts';
import { choiceParameters, pageParameters } from '../../src/gateway/catalog/query/check-list-parameters.ts';
import { buildSample } from '../unit/gateway/catalog/pim/build-sample.ts';
import { GroupModel } from '../unit/gateway/catalog/pim/group-model.ts';
import { randomCall } from '../unit/gateway/catalog/pim/random-call.ts';
import { randomGroup } from '../unit/gateway/catalog/pim/random-group.ts';
import { nameOf, SamplePim } from '../unit/gateway/catalog/pim/sample-pim.ts';
import { showEntity } from '../unit/gateway/catalog/pim/show-entity.ts';
import { startGuardedPim } from './start-guarded-pim.ts';

const sample = buildSample(160);
const kinds = ['products', 'products-uuid', 'product-models', 'published-products'] as const;

/**
 * Names of products, models and values, wherever they stand in a text, also escaped as in a URL or in JSON. Cursors are
 * looked into: sealed ones are letters at random.
 */
function readTokens(text: string): string[] {
  const names: string[] = [];
  const without = text.replace(/search_after=([\w-]+)/g, (_whole, cursor: string) => {
    names.push(
      ...(Buffer.from(cursor, 'base64url')
        .toString('latin1')
        .match(/[PQM]\d{4}X/g) ?? []),
    );
    return '';
  });
  return [...names, ...readPlainTokens(without)];
}

function readPlainTokens(text: string): string[] {
  const plain = decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'))
    .replaceAll('\\/', '/')
    .replaceAll('+', ' ');
  return plain.match(/V\w+X|[PQM][/ ]?\d{4}[/ ]?X|0000\d{4}-0000-4000-8000-\d{12}/g) ?? [];
}

/** Every name that the group may come to see. */
function findSeen(group: ConnectionGroupSpec): ReadonlySet<string> {
  const model = new GroupModel(sample, group);
  const seen = new Set<string>();
  const pim = new SamplePim(sample);
  const asked = { with_completenesses: 'true', with_quality_scores: 'true', with_attribute_options: 'true' };
  for (const kind of kinds) {
    for (const entity of pim.entities(kind).values()) {
      if (!model.sees(entity)) continue;
      for (const name of [nameOf(entity), entity.uuid ?? '']) seen.add(name);
      const shown = model.show(kind, showEntity(sample, kind, entity, asked));
      for (const token of readTokens(JSON.stringify(shown))) seen.add(token);
    }
  }
  return seen;
}

const anyCall = randomCall(sample);

test('no name or value that a group may not see is in any answer', { timeout: 120_000 }, async () => {
  const passed = { answers: 0, items: 0, refused: 0 };
  // Written to, so every run has its own.
  const pim = new SamplePim(sample);
  const guarded = await startGuardedPim(pim);
  await fc.assert(
    fc.asyncProperty(randomGroup(sample), fc.array(anyCall, { minLength: 15, maxLength: 15 }), async (group, calls) => {
      if (readRights(group).kind === 'open') return;
      const seen = findSeen(group);
      pim.sample = structuredClone(sample);
      for (const { method, path, body } of calls) {
        const sent = method === 'GET' || method === 'DELETE' ? undefined : body;
        const said = await guarded.call(group, method, path, sent);
        const asked = new Set(readTokens(`${path}\n${body}`));
        const whole = `${JSON.stringify(said.headers)}\n${said.text}`;
        const told = readTokens(whole).filter((token) => !seen.has(token) && !asked.has(token));
        expect(told, `${method} ${path} ${body}`).toEqual([]);
        if (said.status >= 400) passed.refused++;
        else passed.answers++;
        passed.items += readTokens(said.text).length;
      }
    }),
    { numRuns: 25 },
  );
  // The test is worth something only when much was told.
  expect(passed.answers).toBeGreaterThan(30);
  expect(passed.items).toBeGreaterThan(1_000);
});

/** Sees one category of five, one group of attributes of five, one language of three. */
const narrow = {
  catalog: {
    categories: { view: ['c0'], own: ['c1_0'] },
    attributeGroups: { view: ['general'], edit: ['marketing'] },
    locales: { edit: ['en_US'] },
  },
};

test('on no route of the table, by no method', { timeout: 60_000 }, async () => {
  const seen = findSeen(narrow);
  const hidden = [...sample.products.values()].find((product) => !new GroupModel(sample, narrow).sees(product));
  const guarded = await startGuardedPim(new SamplePim(structuredClone(sample)));
  const refused: string[] = [];
  for (const { method, path, productData } of akeneoEndpoints) {
    if (path.startsWith('/api/oauth/')) continue;
    const all = ['P0001X', String(hidden?.identifier), String(hidden?.uuid)];
    for (const name of productData === undefined ? all.slice(0, 1) : all) {
      const target = path.slice('/api/rest/v1/'.length).replace(/\{\w+\}/g, name);
      for (const sent of method === 'GET' ? (['GET', 'HEAD'] as const) : [method]) {
        const before = guarded.upstream.requests.length;
        const said = await guarded.call(narrow, sent, target, method === 'GET' ? undefined : '{"family":"wrong"}');
        const told = readTokens(`${JSON.stringify(said.headers)}${said.text}`);
        expect(
          told.filter((token) => !seen.has(token) && token !== name),
          `${sent} ${target}`,
        ).toEqual([]);
        if (productData !== 'refused') continue;
        expect([said.status, guarded.upstream.requests.length], `${sent} ${target}`).toEqual([403, before]);
        refused.push(path);
      }
    }
  }
  expect(new Set(refused).size).toBeGreaterThan(8);
  for (const target of ['products/', 'a-route-of-a-later-version', 'products/P0001X/', 'media-files']) {
    expect((await guarded.call(narrow, 'GET', target)).status, target).toBe(403);
  }
});

describe('by no query parameter, spelt rightly or not, once or twice', () => {
  const hiddenValues: Readonly<Record<string, string>> = {
    search: '{"price":[{"operator":"NOT EMPTY"}]}',
    search_locale: 'de_DE',
    locales: 'en_US,de_DE',
    attributes: 'name,price',
    scope: 'print',
    pagination_type: 'search_after',
    search_after: Buffer.from('P0001X').toString('base64'),
  };
  const names = [...pageParameters, ...choiceParameters];
  const misspelt = names.flatMap((name) => [
    name.replace('_', '.'),
    name.replace('_', '%20'),
    name.replace('_', '+'),
    name.replace('_', '['),
    `${name}%5B%5D`,
    `%20${name}`,
    `${name}%00`,
    name.toUpperCase(),
    name.replace('e', '%65%00'),
  ]);

  test.each(['products', 'products-uuid', 'product-models', 'published-products'])('%s', async (list) => {
    const seen = findSeen(narrow);
    const guarded = await startGuardedPim(new SamplePim(sample));
    const ask = async (query: string): Promise<number> => {
      const said = await guarded.call(narrow, 'GET', `${list}?${query}`);
      const told = readTokens(said.text).filter((token) => !seen.has(token) && !readTokens(query).includes(token));
      expect(told, query).toEqual([]);
      return said.status;
    };
    for (const name of names) {
      const value = encodeURIComponent(hiddenValues[name] ?? 'true');
      expect([200, 422], name).toContain(await ask(`${name}=${value}`));
      expect(await ask(`${name}=${value}&${name}=${value}`), name).toBe(400);
      // The same name, once as it is and once escaped.
      expect(await ask(`${name}=${value}&%${name.charCodeAt(0).toString(16)}${name.slice(1)}=${value}`), name).toBe(
        400,
      );
    }
    for (const name of misspelt.filter((spelling) => !names.includes(spelling as never))) {
      const value = encodeURIComponent(hiddenValues.search_after ?? '');
      expect(await ask(`pagination_type=search_after&limit=100&${name}=${value}`), name).toBe(422);
    }
    const asked = guarded.upstream.requests.map(({ url = '' }) => url).filter((url) => url.includes(`/${list}?`));
    for (const url of asked) expect(decodeURIComponent(url)).toMatch(/UNCLASSIFIED|"identifier"|"uuid"/);
  });
});
