import { expect, test } from 'vitest';
import { buildLeaseName, findOverlap, parseScope, type Scope, writeScope } from '../../../src/kube/lease-scope.ts';

test('the name of the Lease says which namespaces, whatever their order', () => {
  expect(buildLeaseName('connection-operator', undefined)).toBe('connection-operator-all');
  const name = buildLeaseName('connection-operator', ['a', 'b']);
  expect(name).toMatch(/^connection-operator-[0-9a-f]{12}$/);
  expect(buildLeaseName('connection-operator', ['b', 'a', 'b'])).toBe(name);
  expect(buildLeaseName('connection-operator', ['a', 'c'])).not.toBe(name);
});

test.each<[Scope, Scope, readonly string[]]>([
  [undefined, undefined, ['*']],
  [undefined, ['a'], ['a']],
  [['a'], undefined, ['a']],
  [['a', 'b'], ['b', 'c'], ['b']],
  [['a'], ['b'], []],
])('%j and %j have %j in common', (left, right, expected) => {
  expect(findOverlap(left, right)).toEqual(expected);
});

test('a scope survives its annotation, and one that is missing could be any', () => {
  for (const scope of [undefined, ['a'], ['a', 'b']]) expect(parseScope(writeScope(scope))).toEqual(scope);
  expect(parseScope(undefined)).toBeUndefined();
});
