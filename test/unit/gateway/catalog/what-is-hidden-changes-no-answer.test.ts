import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConnectionGroupSpec } from '../../../../src/api/generated/connection-group.ts';
import { buildRandom, buildSample, identifierOf, type Sample, type SampleEntity, uuidOf } from './pim/build-sample.ts';
import { buildCall, buildGuardedPim } from './pim/call-through-guard.ts';
import { GroupModel } from './pim/group-model.ts';
import { randomCall } from './pim/random-call.ts';
import { randomGroup } from './pim/random-group.ts';
import { SamplePim } from './pim/sample-pim.ts';

const sample = buildSample(160);

/** The same catalog for this group, and another one for everybody else. */
function changeHidden(group: ConnectionGroupSpec): Sample {
  const changed = structuredClone(sample);
  const model = new GroupModel(sample, group);
  const random = buildRandom(3);
  for (const [name, product] of changed.products) {
    if (model.sees(sample.products.get(name))) changeHiddenParts(product, model);
    else if (random(3) === 0) changed.products.delete(name);
    else rewrite(product);
  }
  // Models stay, because their variants are in their categories.
  for (const [name, entity] of [...changed.models, ...changed.published]) {
    const kept = sample.models.get(name) ?? sample.published.get(name);
    if (model.sees(kept)) changeHiddenParts(entity, model);
    else rewrite(entity);
  }
  const hidden = sample.categories.find(({ code }) => !model.seesCategory(code));
  if (hidden !== undefined) {
    for (let number = 900; number < 920; number++) {
      const entity = structuredClone(sample.products.get('P0001X') as SampleEntity);
      const names = { identifier: identifierOf(number), uuid: uuidOf(number), parent: null, categories: [hidden.code] };
      changed.products.set(names.identifier, { ...entity, ...names });
    }
  }
  return changed;
}

function rewrite(entity: SampleEntity): void {
  entity.enabled = !entity.enabled;
  entity.values = { name: [{ locale: 'en_US', scope: null, data: 'V changed' }] };
  entity.associations = {};
}

function changeHiddenParts(entity: SampleEntity, model: GroupModel): void {
  for (const [code, list] of Object.entries(entity.values)) {
    if (!model.seesAttribute(code)) delete entity.values[code];
    else entity.values[code] = list.filter(({ locale }) => model.seesLocale(locale));
  }
  for (const lists of Object.values(entity.associations)) {
    lists.products = (lists.products ?? []).filter((name) => {
      const named = sample.products.get(name) ?? sample.published.get(name);
      return named === undefined || model.sees(named);
    });
  }
}

test('an answer is the same, to the byte, whatever is hidden', { timeout: 60_000 }, async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(
      randomGroup(sample),
      fc.array(randomCall(sample), { minLength: 12, maxLength: 12 }),
      async (group, calls) => {
        const one = buildGuardedPim(new SamplePim(sample));
        const other = buildGuardedPim(new SamplePim(changeHidden(group)));
        if (one.guard.isOpen(group)) return;
        for (const { method, path, body } of calls) {
          const isReading = method === 'GET' || path.includes('/search');
          if (!isReading || buildCall(method, path).routes.productData !== 'judged') continue;
          const said = await one.call(group, method, path, body);
          const [text, otherText] = [said.text, (await other.call(group, method, path, body)).text].map(hideCursors);
          expect(otherText, `${method} ${path} ${body}`).toBe(text);
          if (said.status === 200) told++;
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(told).toBeGreaterThan(100);
});

/** Each is sealed anew. */
function hideCursors(text: string): string {
  return text.replace(/search_after=[\w-]+/g, 'search_after=');
}
