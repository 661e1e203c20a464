import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTarget } from '../../../../src/access/read-target.ts';
import { Refusal } from '../../../../src/access/refusal.ts';
import {
  type AuthzSource,
  checkAuthzMediaTypes,
  isAuthzTarget,
  readAuthzRequest,
} from '../../../../src/gateway/request/read-authz-request.ts';
import { rawRequest } from './request-of.ts';

type Line = readonly [string, string];
const nginx: readonly Line[] = [
  ['X-Original-Method', 'PATCH'],
  ['X-Original-URI', '/api/rest/v1/products/x?a=b'],
];
const traefik: readonly Line[] = [
  ['X-Forwarded-Method', 'PATCH'],
  ['X-Forwarded-Uri', '/api/rest/v1/products/x?a=b'],
];
const product = { method: 'PATCH', target: { path: '/api/rest/v1/products/x', query: '?a=b' } };

function read(lines: readonly Line[], from: AuthzSource = 'auto', target = '/authz', method = 'GET'): unknown {
  return readAuthzRequest(rawRequest(method, target, lines), from);
}

describe('what a proxy asks about', () => {
  test.each<[string, AuthzSource]>([
    ['auto', 'auto'],
    ['original', 'original'],
  ])('is read from X-Original-* with authz.from %s', (_, from) => {
    expect(read(nginx, from)).toMatchObject(product);
  });

  test.each<[string, AuthzSource]>([
    ['auto', 'auto'],
    ['forwarded', 'forwarded'],
  ])('is read from X-Forwarded-* with authz.from %s', (_, from) => {
    expect(read(traefik, from)).toMatchObject(product);
  });

  test.each<[string, AuthzSource]>([
    ['auto', 'auto'],
    ['path', 'path'],
  ])('is read from the path and its method with authz.from %s', (_, from) => {
    expect(read([], from, '/authz/api/rest/v1/products/x?a=b', 'PATCH')).toMatchObject(product);
  });

  test.each(['/', '/a', '/a/', '/api/rest/v1/products/', '/a%20b/%C3%A9', '/a?b=/c//d', '/?', '/authz', '/authz/x/'])(
    'is read behind /authz as %s would be by itself',
    (target) => {
      expect(read([], 'auto', `/authz${target}`)).toMatchObject({ target: readTarget(target) });
      expect(read([], 'auto', `//authz${target}`)).toMatchObject({ target: readTarget(target) });
    },
  );

  test('may be the root', () => {
    expect(read([], 'auto', '/authz/')).toMatchObject({ method: 'GET', target: { path: '/' } });
  });

  test.each<[AuthzSource, string]>([
    ['original', '/authz'],
    ['original', '/authz/x'],
    ['original', '/authz?x'],
  ])('with authz.from %s and the target %s is read from its own headers, whatever the others say', (from, target) => {
    expect(read([...nginx, ['X-Forwarded-Method', 'GET'], ['X-Forwarded-Uri', '/other']], from, target)).toMatchObject(
      product,
    );
  });

  test('keeps the headers of the client, so that its token can be read', () => {
    expect(read([...nginx, ['Authorization', 'Bearer t']])).toMatchObject({ headers: { authorization: 'Bearer t' } });
  });
});

describe('a question is 403', () => {
  test.each<[string, readonly Line[], string?, string?]>([
    ['with nothing to judge', []],
    ['with a second family by headers', [...nginx, ...traefik]],
    ['with one header of a second family', [...nginx, ['X-Forwarded-Uri', '/x']]],
    ['with a second family by the path', nginx, '/authz/x'],
    ['with headers and a slash behind /authz', traefik, '/authz/'],
    ['without a method', [['X-Original-URI', '/x']]],
    ['without a path', [['X-Original-Method', 'GET']]],
    ['without a path from Traefik', [['X-Forwarded-Method', 'GET']]],
    [
      'with one header of each family',
      [
        ['X-Original-Method', 'GET'],
        ['X-Forwarded-Uri', '/x'],
      ],
    ],
    ['with a repeated path', [...nginx, ['X-Original-URI', '/y']]],
    ['with a repeated method', [...traefik, ['x-forwarded-method', 'GET']]],
    ['with an alias in underscores', [...traefik, ['X_Forwarded_Uri', '/y']]],
    [
      'with an alias in underscores alone',
      [
        ['X_Original_Method', 'GET'],
        ['X_Original_URI', '/y'],
      ],
    ],
    ['with an alias in dots', [...nginx, ['X.Original.URI', '/y']]],
    ['with an alias of one dash', [...nginx, ['X-Original_Method', 'GET']]],
    ['with an alias of another family', [...nginx, ['X_Forwarded_Method', 'GET']]],
    [
      'with an empty path',
      [
        ['X-Original-Method', 'GET'],
        ['X-Original-URI', ''],
      ],
    ],
    [
      'with an absolute path',
      [
        ['X-Original-Method', 'GET'],
        ['X-Original-URI', 'http://a/x'],
      ],
    ],
    [
      'with dots',
      [
        ['X-Original-Method', 'GET'],
        ['X-Original-URI', '/media-files/../products'],
      ],
    ],
    [
      'with encoded dots',
      [
        ['X-Forwarded-Method', 'GET'],
        ['X-Forwarded-Uri', '/media-files/%2e%2e/products'],
      ],
    ],
    [
      'with two slashes at the start',
      [
        ['X-Original-Method', 'GET'],
        ['X-Original-URI', '//api/rest/v1/products'],
      ],
    ],
    [
      'with a method that is not served',
      [
        ['X-Original-Method', 'TRACE'],
        ['X-Original-URI', '/x'],
      ],
    ],
    [
      'with CONNECT',
      [
        ['X-Original-Method', 'CONNECT'],
        ['X-Original-URI', '/x'],
      ],
    ],
    [
      'with two methods',
      [
        ['X-Original-Method', 'GET, POST'],
        ['X-Original-URI', '/x'],
      ],
    ],
    [
      'with another method in the query',
      [
        ['X-Original-Method', 'POST'],
        ['X-Original-URI', '/x?_method=DELETE'],
      ],
    ],
    ['with another method in a header', [...nginx, ['X-HTTP-Method-Override', 'DELETE']]],
    ['with another method in an alias', [...nginx, ['x_http_method_override', 'DELETE']]],
    ['with two Authorization lines', [...nginx, ['Authorization', 'a'], ['Authorization', 'b']]],
    ['with two Host lines', [...nginx, ['Host', 'a'], ['Host', 'b']]],
    ['with dots in the path', [], '/authz/../x'],
    ['with two slashes behind /authz', [], '/authz//x'],
    ['with an escaped /authz', [], '/%61uthz/x'],
    ['with a method that is not served on the path', [], '/authz/x', 'TRACE'],
    ['with another method in the query of the path', [], '/authz/x?_method=DELETE', 'POST'],
  ])('%s', (_, lines, target, method) => {
    expect(read(lines, 'auto', target, method)).toMatchObject({ status: 403 });
  });

  test.each<[AuthzSource, readonly Line[], string]>([
    ['original', traefik, '/authz'],
    ['original', [], '/authz/x'],
    ['forwarded', nginx, '/authz'],
    ['path', nginx, '/authz'],
    ['original', [...nginx, ['X_Original_URI', '/y']], '/authz'],
    ['forwarded', [...traefik, ['X.Forwarded.Uri', '/y']], '/authz'],
  ])('with authz.from %s and what another proxy sends, or an alias', (from, lines, target) => {
    expect(read(lines, from, target)).toMatchObject({ status: 403 });
  });
});

test('a body that the PIM would refuse is 403 too', () => {
  const asked = readAuthzRequest(
    rawRequest('GET', '/authz', [...nginx, ['Content-Type', 'application/x-www-form-urlencoded']]),
    'auto',
  );
  if (asked instanceof Refusal) throw new Error(asked.message);
  expect(checkAuthzMediaTypes(asked, { known: true, files: false })).toMatchObject({ status: 403 });
});

test.each<[string, boolean]>([
  ['/authz', true],
  ['/authz/x', true],
  ['/authz?x', true],
  ['//authz', true],
  ['/authz2', false],
  ['/api/authz', false],
  ['authz', false],
])('%s is a question: %s', (target, expected) => {
  expect(isAuthzTarget(target)).toBe(expected);
});

test('whatever the headers, at most one family was there, and nothing but 403 is refused with', () => {
  const names = [
    'X-Original-Method',
    'X-Original-URI',
    'X-Forwarded-Method',
    'X-Forwarded-Uri',
    'X_Original_URI',
    'x.forwarded.uri',
    'X-HTTP-Method',
  ];
  const line = fc.tuple(fc.constantFrom(...names), fc.constantFrom('GET', 'POST', '/a', '/b', '/a/../b', ''));
  const target = fc.constantFrom('/authz', '/authz', '/authz/p', '/authz/', '/authz/../x');
  const source = fc.constantFrom<AuthzSource>('auto', 'original', 'forwarded', 'path');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), target, source, (lines, path, from) => {
      const asked = readAuthzRequest(rawRequest('GET', path, lines), from);
      if (asked instanceof Refusal) {
        expect(asked.status).toBe(403);
        return;
      }
      const sent = lines.map(([name]) => name.toLowerCase());
      const exact = sent.filter((name) => !/[_.]/.test(name));
      expect(new Set(exact).size).toBe(exact.length);
      expect(sent).not.toContain('x-http-method');
      if (from !== 'auto') return;
      const families = [
        sent.some((name) => name.startsWith('x-original')),
        sent.some((name) => name.startsWith('x-forwarded')),
        path !== '/authz',
      ];
      expect(families.filter(Boolean)).toHaveLength(1);
      expect(sent.filter((name) => /[_.]/.test(name))).toEqual([]);
    }),
    { numRuns: 5000 },
  );
});
