import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRuleTree } from '../../../src/access/build-rule-tree.ts';
import { findRule } from '../../../src/access/find-rule.ts';
import { methods } from '../../../src/access/read-method.ts';
import type { PathRule } from '../../../src/api/generated/connection-role.ts';
import { requestOf } from '../gateway/request/request-of.ts';

function find(rules: readonly PathRule[], method: string, path: string): string | undefined {
  const request = requestOf(method, path);
  return findRule(buildRuleTree(rules), request.method, request.target);
}

const get = (...paths: string[]): readonly PathRule[] => [{ methods: ['GET'], paths }];

describe('a rule for GET', () => {
  test.each<[string, string, boolean]>([
    ['/orders', '/orders', true],
    ['/orders', '/orders?a=b', true],
    ['/orders', '/Orders', false],
    ['/orders', '/orders/1', false],
    ['/orders', '/orders/', false],
    ['/orders/*', '/orders/1', true],
    ['/orders/*', '/orders/a%20b', true],
    ['/orders/*', '/orders', false],
    ['/orders/*', '/orders/', false],
    ['/orders/*', '/orders/1/2', false],
    ['/orders/*/lines', '/orders/1/lines', true],
    ['/orders/*/lines', '/orders/1/line', false],
    ['/orders/**', '/orders/1', true],
    ['/orders/**', '/orders/1/2/3', true],
    ['/orders/**', '/orders/', true],
    ['/orders/**', '/orders/1/', true],
    ['/orders/**', '/orders', false],
    ['/orders/**', '/orders2/1', false],
    ['/**', '/', true],
    ['/**', '/a/b', true],
    ['/*', '/', false],
    ['/*', '/a', true],
    ['/', '/', true],
    ['/café/a b', '/caf%C3%A9/a%20b', true],
    ['/caf%C3%A9', '/caf%C3%A9', false],
    ['/a/**/b', '/a/x/b', false],
    ['/a/**/b', '/a/**/b', false],
    ['/a*', '/ab', false],
    ['/a/', '/a/', false],
    ['a', '/a', false],
    ['', '/', false],
    ['//a', '//a', false],
  ])('%s names %s: %s', (rule, path, expected) => {
    expect(find(get(rule), 'GET', path) !== undefined).toBe(expected);
  });

  test('names HEAD too, and nothing else', () => {
    expect(methods.filter((method) => find(get('/a'), method, '/a') !== undefined)).toEqual(['GET', 'HEAD']);
  });
});

test('a rule for HEAD does not name GET', () => {
  expect(find([{ methods: ['HEAD'], paths: ['/a'] }], 'GET', '/a')).toBeUndefined();
});

test('a method and a path of two rules are no rule together', () => {
  const rules: readonly PathRule[] = [
    { methods: ['GET'], paths: ['/a'] },
    { methods: ['POST'], paths: ['/b', '/a/*'] },
  ];
  expect(find(rules, 'POST', '/a')).toBeUndefined();
  expect(find(rules, 'GET', '/b')).toBeUndefined();
  expect(find(rules, 'POST', '/a/1')).toBe('/a/*');
});

test('the most literal rule is named, also when a literal leads nowhere', () => {
  const rules = get('/a/b', '/a/*', '/a/**', '/*/c/d', '/a/c/e');
  expect(find(rules, 'GET', '/a/b')).toBe('/a/b');
  expect(find(rules, 'GET', '/a/x')).toBe('/a/*');
  expect(find(rules, 'GET', '/a/x/y')).toBe('/a/**');
  expect(find(get('/*/c/d', '/a/c/e'), 'GET', '/a/c/d')).toBe('/*/c/d');
});

test('no wildcard stands for a script that Symfony cuts the path at; a rule can name it', () => {
  expect(find(get('/media/*', '/media/**'), 'GET', '/media/index.php/admin')).toBeUndefined();
  expect(find(get('/media/*'), 'GET', '/media/index.php')).toBeUndefined();
  expect(find(get('/**'), 'GET', '/a/b/index.phpx')).toBeUndefined();
  expect(find(get('/index.php/**'), 'GET', '/index.php/admin')).toBe('/index.php/**');
});

test('whatever the rules, a path passes exactly when one of them names it', () => {
  const segment = fc.constantFrom('a', 'b', 'c', '*');
  const rule = fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([parts, rest]) => `/${[...parts, ...(rest ? ['**'] : [])].join('/')}`);
  const path = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '%2a', '%2a%2a'), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), path, fc.boolean(), (rules, parts, trailing) => {
      const target = `/${parts.join('/')}${trailing ? '/' : ''}`;
      const decoded = decodeURIComponent(target);
      const named = rules.some((text) => {
        const pattern = text
          .split('/')
          .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]+' : part))
          .join('/');
        return new RegExp(`^${pattern}$`).test(decoded);
      });
      expect(find(get(...rules), 'GET', target) !== undefined).toBe(named);
    }),
    { numRuns: 5000 },
  );
});
