import fc from 'fast-check';
import { expect, test } from 'vitest';
import { akeneoEndpoints } from '../../../../src/api/akeneo-endpoints.ts';
import type { ConnectionGroupSpec } from '../../../../src/api/generated/connection-group.ts';
import { buildSample } from './pim/build-sample.ts';
import { buildCall, buildGuardedPim } from './pim/call-through-guard.ts';
import { GroupModel } from './pim/group-model.ts';
import { randomCall } from './pim/random-call.ts';
import { randomGroup } from './pim/random-group.ts';
import { nameOf, SamplePim } from './pim/sample-pim.ts';
import { showEntity } from './pim/show-entity.ts';

const sample = buildSample(160);
const kinds = ['products', 'products-uuid', 'product-models', 'published-products'] as const;

/** Names of products, models and values, wherever they stand in a text, also escaped as in a URL or in JSON. */
function readTokens(text: string): string[] {
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

test('no name or value that a group may not see is in any answer', { timeout: 60_000 }, async () => {
  const passed = { answers: 0, items: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(randomGroup(sample), fc.array(anyCall, { minLength: 15, maxLength: 15 }), async (group, calls) => {
      const seen = findSeen(group);
      // Written to, so every group has its own.
      const guarded = buildGuardedPim(new SamplePim(structuredClone(sample)));
      for (const { method, path, body } of calls) {
        const call = buildCall(method, path);
        if (call.routes.productData === undefined || guarded.guard.isOpen(group)) continue;
        const said = await guarded.call(group, method, path, body);
        const asked = new Set(readTokens(`${path}\n${body}`));
        const told = readTokens(said.text).filter((token) => !seen.has(token) && !asked.has(token));
        expect(told, `${method} ${path} ${body}`).toEqual([]);
        if (said.status >= 400) passed.refused++;
        else passed.answers++;
        passed.items += readTokens(said.text).length;
      }
    }),
    { numRuns: 60 },
  );
  // The test is worth something only when much was told.
  expect(passed.answers).toBeGreaterThan(50);
  expect(passed.items).toBeGreaterThan(2_000);
});

test('every route with product data that is not judged is 403, whatever the group', async () => {
  const guarded = buildGuardedPim(new SamplePim(sample));
  const group = { catalog: { categories: { own: ['*'] }, attributeGroups: { edit: ['*'] }, locales: { view: ['*'] } } };
  const refused = akeneoEndpoints.filter(({ productData }) => productData === 'refused');
  expect(refused.length).toBeGreaterThan(8);
  for (const { method, path } of refused) {
    const said = await guarded.call(group, method, path.slice('/api/rest/v1/'.length).replace(/\{\w+\}/g, 'P0001X'));
    expect(said.status, path).toBe(403);
  }
  expect((await guarded.call(group, 'GET', 'products/')).status).toBe(403);
  expect((await guarded.call(group, 'GET', 'a-route-of-a-later-version')).status).toBe(403);
  expect(guarded.pim.asked).toEqual([]);
});
