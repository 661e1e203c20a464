import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildRouteTable } from '../../../src/access/build-route-table.ts';
import { buildRuleTree } from '../../../src/access/build-rule-tree.ts';
import { findRoutes } from '../../../src/access/find-routes.ts';
import { findRule } from '../../../src/access/find-rule.ts';
import { readTarget, type Target } from '../../../src/access/read-target.ts';
import { Refusal } from '../../../src/access/refusal.ts';
import { type AkeneoEndpoint, akeneoEndpoints } from '../../../src/api/akeneo-endpoints.ts';

/** What a server makes of the target that it is sent: the decoded path that it routes by. */
type Reader = (target: Target) => string;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Empty and dot segments away, as nginx and most servlet containers do it after decoding. */
function normalize(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}`;
}

/** Symfony's path info: its script is taken out of the path, by three rules of which the last one looks everywhere. */
function readAsSymfony(script: string): Reader {
  const folder = script.slice(0, script.lastIndexOf('/') + 1);
  const name = script.slice(folder.length);
  return ({ path, query }) => {
    const decoded = decode(path);
    if (decoded.startsWith(script)) return decoded.slice(script.length) || '/';
    if (decoded.startsWith(folder)) return `/${decoded.slice(folder.length)}`;
    if (decoded.indexOf(name) <= 0) return decoded;
    const at = (path + query).indexOf(script);
    return decode(path.slice(at > 0 ? at + script.length : script.length)) || '/';
  };
}

const readers: Readonly<Record<string, Reader>> = {
  'a server that decodes once': ({ path }) => decode(path),
  'a server that decodes twice': ({ path }) => decode(decode(path)),
  'a server that normalizes before it decodes': ({ path }) => decode(normalize(path)),
  'a server that normalizes after it decoded': ({ path }) => normalize(decode(path)),
  'a server that decodes, normalizes and decodes again': ({ path }) => normalize(decode(normalize(decode(path)))),
  'a server that takes a backslash for a slash': ({ path }) => normalize(decode(path).replaceAll('\\', '/')),
  'a servlet container that takes path parameters away': ({ path }) =>
    normalize(decode(path.replace(/;[^/]*/g, '')).replace(/;[^/]*/g, '')),
  "Node's URL parser": ({ path, query }) => decode(new URL(path + query, 'http://upstream').pathname),
  "Node's URL parser with another base": ({ path, query }) =>
    decode(new URL(`http://upstream${path}${query}`).pathname),
  'Symfony at the root': readAsSymfony('/index.php'),
  'Symfony in a subdirectory': readAsSymfony('/pim/index.php'),
  'Symfony in a public folder': readAsSymfony('/pim/public/index.php'),
  'Symfony in a subdirectory with an old script': readAsSymfony('/pim/app.php'),
};

/** The endpoints that a PIM may take a path for: placeholders for several segments are as greedy as its own. */
function findAsPim(method: string, path: string): readonly AkeneoEndpoint[] {
  return patterns
    .filter(({ endpoint, form }) => endpoint.method === method && form.test(path))
    .map(({ endpoint }) => endpoint);
}

const patterns = akeneoEndpoints.map((endpoint) => ({
  endpoint,
  form: new RegExp(`^${endpoint.path.replaceAll(/\{\w+\}/g, endpoint.slashes === true ? '.+' : '[^/]+')}$`, 's'),
}));

const needOf = ({ permission, needs }: AkeneoEndpoint): string => permission ?? needs ?? 'overall access';

const words = [
  ...[
    'api',
    'rest',
    'v1',
    'oauth',
    'token',
    'products',
    'products-uuid',
    'product-models',
    'media-files',
    'category-media-files',
    'families',
  ],
  ...[
    'variants',
    'attributes',
    'options',
    'categories',
    'search',
    'draft',
    'proposal',
    'download',
    'catalogs',
    'product-uuids',
    'jobs',
    'export',
    'x',
  ],
  ...['index.php', '%69ndex.php', 'app.php', 'pim', 'public', 'xindex.phpx', 'index.phpapi', 'a.php', 'INDEX.PHP'],
  ...[
    '.',
    '..',
    '%2e',
    '%2e%2e',
    '.%2e',
    '',
    '%2f',
    '%5c',
    '\\',
    ';',
    ';a=b',
    '%3b',
    '%25',
    '%252e',
    '%3F',
    '%23',
    '%00',
    '%20',
    '..;',
    '...',
    '%c0%ae',
  ],
];
words.push('api/rest/v1', 'pim/index.php/api/rest/v1', 'pim/public/index.php/api/rest/v1', 'pim/app.php/api/rest/v1');
const prefixes = [
  '/api/rest/v1/products',
  '/api/rest/v1/media-files',
  '/api/rest/v1/families',
  '/api/rest/v1',
  '/pim/public',
  '',
  '/',
];
const paths = fc
  .tuple(
    fc.constantFrom(...prefixes),
    fc.array(fc.constantFrom(...words), { maxLength: 9 }),
    fc.constantFrom('', '', '', '/', '?a=b', '?/pim/index.php/x', '#'),
  )
  .map(([prefix, parts, end]) => `${prefix}/${parts.join('/')}${end}`);

const table = buildRouteTable();

test.each(Object.entries(readers))('%s needs no permission that was not asked for', (_, read) => {
  let matched = 0;
  fc.assert(
    fc.property(paths, fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'), (path, method) => {
      const target = readTarget(path);
      if (target instanceof Refusal) return;
      const asked = findRoutes(table, method as 'GET', target).endpoints;
      if (asked.length === 0) return;
      matched++;
      const needs = new Set(asked.map(needOf));
      for (const endpoint of findAsPim(method, read(target))) expect(needs).toContain(needOf(endpoint));
    }),
    { numRuns: 20_000 },
  );
  expect(matched).toBeGreaterThan(300);
});

test.each(Object.entries(readers))('%s stays beneath the path of a rule', (_, read) => {
  const tree = buildRuleTree([{ methods: ['GET'], paths: ['/api/rest/v1/media-files/**', '/api/*/x/*'] }]);
  let matched = 0;
  fc.assert(
    fc.property(paths, (path) => {
      const target = readTarget(path);
      if (target instanceof Refusal || findRule(tree, 'GET', target) === undefined) return;
      matched++;
      expect(`${read(target)}/`).toMatch(/^\/api\/(?:rest\/v1\/media-files|[^/]+\/x\/[^/]+)\//);
    }),
    { numRuns: 20_000 },
  );
  expect(matched).toBeGreaterThan(100);
});

test('a rule that names a script by itself is meant that way', () => {
  const target = readTarget('/pim/index.php/admin');
  if (target instanceof Refusal) throw new Error(target.message);
  expect(findRule(buildRuleTree([{ methods: ['GET'], paths: ['/pim/index.php/**'] }]), 'GET', target)).toBe(
    '/pim/index.php/**',
  );
});
