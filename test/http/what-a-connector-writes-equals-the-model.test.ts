import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRights } from '../../src/access/group-rights.ts';
import { buildSample } from '../unit/gateway/catalog/pim/build-sample.ts';
import { GroupModel } from '../unit/gateway/catalog/pim/group-model.ts';
import { randomGroup } from '../unit/gateway/catalog/pim/random-group.ts';
import { type RandomLine, randomWrite } from '../unit/gateway/catalog/pim/random-write.ts';
import { SamplePim } from '../unit/gateway/catalog/pim/sample-pim.ts';
import { mayWrite } from '../unit/gateway/catalog/pim/write-model.ts';
import { startGuardedPim } from './start-guarded-pim.ts';

const sample = buildSample(60);
const forbidden = /^Access forbidden\. The group of the connection does not allow this: .*(?:"[^"]+"|the product)/;

/** Groups of every kind, some of which own much, so that not every write is refused. */
const anyGroup = fc.oneof(
  randomGroup(sample),
  randomGroup(sample).map(({ catalog = {} }) => ({
    catalog: {
      categories: { ...catalog.categories, own: ['c0', 'c1', 'c2', 'paper'] },
      attributeGroups: { ...catalog.attributeGroups, edit: ['general', 'marketing', 'sales'] },
      locales: { ...catalog.locales, edit: ['en_US', 'fr_FR'] },
    },
  })),
);

type Line = { readonly status_code: number; readonly message?: string };

test('what a connector may write is what the model says, line by line, and the very bytes arrive', {
  timeout: 120_000,
}, async () => {
  const pim = new SamplePim(sample);
  const guarded = await startGuardedPim(pim);
  const count = { passed: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      anyGroup,
      fc.array(randomWrite(sample), { minLength: 10, maxLength: 10 }),
      async (group, writes) => {
        if (readRights(group).kind === 'open') return;
        pim.sample = structuredClone(sample);
        for (const { method, path, body, lines } of writes) {
          if (method === 'DELETE') continue;
          const may = lines.map((line) => judge(line));
          const before = guarded.upstream.arrived.length;
          const said = await guarded.call(group, method, path, body);
          const sent = guarded.upstream.arrived.slice(before).filter((one) => one.method !== 'GET');
          const told = `${method} ${path} ${body} ${JSON.stringify(group)} ${said.text}`;
          const isCollection = path === 'products' && method === 'PATCH';
          const answers: readonly Line[] = isCollection
            ? said.text.split('\n').map((text) => JSON.parse(text) as Line)
            : [{ status_code: said.status, message: String(said.json.message) }];
          expect(
            answers.map(({ status_code }) => status_code !== 403),
            told,
          ).toEqual(may);
          for (const { status_code, message } of answers) if (status_code === 403) expect(message).toMatch(forbidden);
          const texts = isCollection ? (body ?? '').split('\n').filter((_, at) => may[at]) : may[0] ? [body] : [];
          expect(
            sent.map((one) => one.body.toString()),
            told,
          ).toEqual(texts.length === 0 ? [] : [texts.join('\n')]);
          count.passed += may.filter((one) => one).length;
          count.refused += may.filter((one) => !one).length;
        }

        function judge({ kind, name, body }: RandomLine): boolean {
          return mayWrite(pim.sample, group, { kind, before: pim.find(kind, name) }, body);
        }
      },
    ),
    { numRuns: 40 },
  );
  expect(count.passed).toBeGreaterThan(50);
  expect(count.refused).toBeGreaterThan(100);
});

test('what a connector may delete is what the model says', { timeout: 60_000 }, async () => {
  const pim = new SamplePim(sample);
  const guarded = await startGuardedPim(pim);
  const deletions = randomWrite(sample).filter(({ method }) => method === 'DELETE');
  await fc.assert(
    fc.asyncProperty(anyGroup, fc.array(deletions, { minLength: 4, maxLength: 4 }), async (group, writes) => {
      if (readRights(group).kind === 'open') return;
      pim.sample = structuredClone(sample);
      const model = new GroupModel(pim.sample, group);
      for (const { path } of writes) {
        const [kind = '', ...rest] = path.split('/').map(decodeURIComponent);
        const entity = pim.find(kind as 'products', rest.join('/'));
        const { status } = await guarded.call(group, 'DELETE', path);
        if (entity === undefined || !model.sees(entity)) expect(status, path).toBe(404);
        else if (!model.owns(entity)) expect(status, path).toBe(403);
        // A model in no category takes variants along, which may be somebody's.
        else if (kind === 'products') expect(status, path).toBe(204);
        else expect([204, 403], path).toContain(status);
        expect(pim.find(kind as 'products', rest.join('/')) === undefined).toBe(status === 204 || entity === undefined);
      }
    }),
    { numRuns: 30 },
  );
});
