import fc from 'fast-check';
import type { ConnectionGroupSpec } from '../../../../../src/api/generated/connection-group.ts';
import { attributeGroups, locales, type Sample } from './build-sample.ts';

type Codes = fc.Arbitrary<readonly string[] | undefined>;

const codesOf = (codes: readonly string[], weightOfAll: number): Codes =>
  fc.oneof(
    { weight: weightOfAll, arbitrary: fc.constant(['*']) },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 6, arbitrary: fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 4 }) },
  );

const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** Groups of every kind, the open one among them. */
export function randomGroup(sample: Sample): fc.Arbitrary<ConnectionGroupSpec> {
  const categories = [...sample.categories.map(({ code }) => code), 'gone'];
  const axis = (codes: readonly string[]) =>
    fc.record({ view: codesOf(codes, 2), edit: codesOf(codes, 1) }).map(defined);
  const catalog = fc.record({
    categories: fc
      .record({ view: codesOf(categories, 1), edit: codesOf(categories, 0), own: codesOf(categories, 0) })
      .map(defined),
    attributeGroups: axis(attributeGroups),
    locales: axis(locales),
  });
  const group = catalog.map((value) => ({ catalog: value }) as ConnectionGroupSpec);
  return fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 12, arbitrary: group });
}
