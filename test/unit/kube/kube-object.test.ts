import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildObjectKey, compareResourceVersions } from '../../../src/kube/kube-object.ts';

test('resource versions are compared as numbers of any size', () => {
  const size = fc.bigInt({ min: 0n, max: 2n ** 64n });
  fc.assert(
    fc.property(size, size, (left, right) => {
      const expected = left < right ? -1 : Number(left > right);
      expect(Math.sign(compareResourceVersions(`${left}`, `${right}`))).toBe(expected);
    }),
  );
  expect(compareResourceVersions('999', '1000')).toBeLessThan(0);
});

test('a cluster-scoped object has its name for a key', () => {
  expect(buildObjectKey('team', 'a')).toBe('team/a');
  expect(buildObjectKey(undefined, 'a')).toBe('a');
  expect(buildObjectKey('', 'a')).toBe('a');
});
