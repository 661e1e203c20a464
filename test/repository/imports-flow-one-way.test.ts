import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { listFiles, readFile } from './read-tracked-files.ts';

/** Which folders of src a folder may import beside itself. Programs never import each other. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  api: [],
  credentials: ['api'],
  access: ['api'],
  insight: ['api', 'access', 'credentials', 'flows'],
  flows: ['api'],
  kube: ['api'],
  process: ['api'],
  operator: ['api', 'credentials', 'flows', 'insight', 'kube', 'process'],
  gateway: ['api', 'access', 'credentials', 'flows', 'kube', 'process'],
  dashboard: ['api', 'access', 'credentials', 'flows', 'insight', 'kube', 'process'],
  // Runs in a browser: nothing that reaches a cluster, and of Node nothing at all.
  'dashboard/page': ['api', 'access', 'credentials', 'flows', 'insight'],
  cli: ['api', 'access', 'credentials', 'flows', 'insight', 'kube', 'process'],
  bin: [
    'api',
    'access',
    'credentials',
    'flows',
    'insight',
    'kube',
    'process',
    'operator',
    'gateway',
    'dashboard',
    'cli',
  ],
};

/** Packages that one folder alone may import. */
const packageOwners: Readonly<Record<string, string>> = {
  '@kubernetes/client-node': 'kube',
  '@dot-i/k8s-operator': 'kube',
};

/** Folders whose functions give the same answer to the same arguments: the clock and randomness are arguments too. */
const pureFolders = [
  'src/api/',
  'src/access/',
  'src/credentials/',
  'src/flows/',
  'src/insight/',
  'src/operator/decide/',
];
/** What Node has that computes and reaches nothing outside. */
const pureModules = ['node:crypto', 'node:util', 'node:zlib', 'node:buffer'];

const sources = listFiles('src').filter((path) => /\.tsx?$/.test(path));

function findImports(path: string): string[] {
  return [...readFile(path).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, what = '']) => what);
}

/** Folder of src that a file belongs to; `undefined` for what is outside of src. */
function folderOf(path: string): string | undefined {
  return /^src\/(dashboard\/page|[^/]+)\//.exec(path)?.[1];
}

function checkImport(path: string, what: string): string | undefined {
  const folder = folderOf(path) ?? '';
  if (!what.startsWith('.')) {
    const owner = packageOwners[what.split('/').slice(0, 2).join('/')];
    return owner === undefined || owner === folder ? undefined : `only src/${owner} imports ${what}`;
  }
  const target = folderOf(posix.join(posix.dirname(path), what));
  if (target === folder || (target !== undefined && mayImport[folder]?.includes(target))) return undefined;
  return `src/${folder} does not import ${target === undefined ? what : `src/${target}`}`;
}

test('every folder of src is in the table', () => {
  expect(sources.filter((path) => mayImport[folderOf(path) ?? ''] === undefined)).toEqual([]);
});

test('no file imports against the table', () => {
  const broken = sources.flatMap((path) =>
    findImports(path)
      .map((what) => checkImport(path, what))
      .filter((sentence) => sentence !== undefined)
      .map((sentence) => `${path}: ${sentence}`),
  );
  expect(broken).toEqual([]);
});

test('what is pure reaches neither files, network, clock, environment nor chance', () => {
  const pure = sources.filter((path) => pureFolders.some((folder) => path.startsWith(folder)));
  const impure = pure.flatMap((path) => {
    const modules = findImports(path).filter((what) => what.startsWith('node:') && !pureModules.includes(what));
    const calls =
      readFile(path).match(/\bDate\.now\(|\bnew Date\(\)|\bperformance\.|\bMath\.random\(|\bprocess\./g) ?? [];
    const kube = findImports(path).filter((what) => what.includes('/kube/'));
    return [...modules, ...calls, ...kube].map((what) => `${path}: ${what}`);
  });
  expect(impure).toEqual([]);
});

test('the rules see what they forbid', () => {
  expect(checkImport('src/gateway/a.ts', '../operator/b.ts')).toBe('src/gateway does not import src/operator');
  expect(checkImport('src/dashboard/page/a.tsx', '../server/b.ts')).toContain('does not import');
  expect(checkImport('src/dashboard/page/a.tsx', './state/b.ts')).toBeUndefined();
  expect(checkImport('src/api/a.ts', '../kube/b.ts')).toBe('src/api does not import src/kube');
  expect(checkImport('src/operator/decide/a.ts', '../../../tools/b.ts')).toContain('does not import');
  expect(checkImport('src/cli/a.ts', '@kubernetes/client-node')).toBe('only src/kube imports @kubernetes/client-node');
  expect(checkImport('src/operator/apply/a.ts', '../../kube/b.ts')).toBeUndefined();
});
