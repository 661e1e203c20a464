import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerDurations } from '../../../../src/gateway/metrics/duration-table.ts';

const name = 'request_duration_seconds';
const help = 'Seconds.';
/** Part of what people's dashboards are made of. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Without exemplars, which nobody gives here. */
async function readJson(registry: Registry): Promise<unknown> {
  const withoutExemplars = (key: string, value: unknown): unknown => (key === 'exemplar' ? undefined : value);
  return JSON.parse(JSON.stringify(await registry.getMetricsAsJSON(), withoutExemplars));
}

test('the metrics are those of the histogram of the library, to the byte', async () => {
  const duration = fc.oneof(fc.constantFrom(0, ...buckets), fc.double({ min: 0, max: 100, noNaN: true }));
  const kind = fc.constantFrom('proxy' as const, 'authz' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(kind, duration)), async (observed) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const tables = registerDurations(ours, { name, help, kinds: ['proxy', 'authz'] });
      const histogram = new Histogram({ name, help, labelNames: ['kind'], buckets, registers: [theirs] });
      for (const [of, seconds] of observed.toSorted(([a], [b]) => b.localeCompare(a))) {
        tables[of].observe(seconds);
        histogram.observe({ kind: of }, seconds);
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
      expect(await readJson(ours)).toEqual(await readJson(theirs));
    }),
  );
});
