import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConnectionGroupSpec } from '../../../../../src/api/generated/connection-group.ts';
import { buildSample, type Sample, type SampleEntity } from '../pim/build-sample.ts';
import { buildGuardedPim } from '../pim/call-through-guard.ts';
import { GroupModel } from '../pim/group-model.ts';
import { randomGroup } from '../pim/random-group.ts';
import { randomWrite } from '../pim/random-write.ts';
import { SamplePim } from '../pim/sample-pim.ts';

const sample = buildSample(60);
/** What stayed of an entity, as far as it may not change. */
function findBroken(group: ConnectionGroupSpec, before: Sample, after: Sample): string[] {
  const was = new GroupModel(before, group);
  const is = new GroupModel(after, group);
  const broken: string[] = [];
  const check = (name: string, old: SampleEntity | undefined, entity: SampleEntity | undefined): void => {
    const isOurs = old === undefined || (was.sees(old) && was.owns(old));
    if (!isOurs && JSON.stringify(old) !== JSON.stringify(entity)) broken.push(`${name} is not owned`);
    if (old !== undefined && entity !== undefined && was.sees(old) !== is.sees(entity))
      broken.push(`${name} changed sight`);
    if (entity === undefined) return;
    if (isOurs && !(is.sees(entity) && is.owns(entity))) broken.push(`${name} is not owned any more`);
    for (const [code, list] of Object.entries(entity.values)) {
      for (const { locale, data } of list) {
        if (data === 'written' && !(was.editsAttribute(code) && was.editsLocale(locale)))
          broken.push(`${name} ${code} ${locale}`);
      }
    }
  };
  for (const key of ['products', 'models', 'published'] as const) {
    for (const name of new Set([...before[key].keys(), ...after[key].keys()]))
      check(name, before[key].get(name), after[key].get(name));
  }
  return broken;
}

test('whatever is written, what a group does not own stays as it is and what it owns stays its own', {
  timeout: 60_000,
}, async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(
      randomGroup(sample),
      fc.array(randomWrite(sample), { minLength: 10, maxLength: 10 }),
      async (group, writes) => {
        const pim = new SamplePim(structuredClone(sample));
        const guarded = buildGuardedPim(pim);
        if (guarded.guard.isOpen(group)) return;
        for (const { method, path, body } of writes) {
          const before = structuredClone(pim.sample);
          const said = await guarded.call(group, method, path, body);
          expect(findBroken(group, before, pim.sample), `${method} ${path} ${body}`).toEqual([]);
          if (said.status < 300 && !said.text.includes('403')) done++;
        }
      },
    ),
    { numRuns: 40 },
  );
  expect(done).toBeGreaterThan(10);
});
