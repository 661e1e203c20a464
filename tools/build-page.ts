/**
 * `npm run build`: the dashboard's page into `dist/page`, for the dashboard to serve. Does nothing while the page is
 * newer than everything that it was made from.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { holdLock } from './control-plane/hold-lock.ts';

const repository = join(import.meta.dirname, '..');
const root = join(repository, 'src', 'dashboard', 'page');
const out = join(repository, 'dist', 'page');
const mark = join(out, '.built-from');

/** What the page is made of: its own folder, the pure folders that it imports, and the versions of its packages. */
const folders = ['dashboard/page', 'api', 'access', 'credentials', 'flows', 'insight'].map((name) =>
  join(repository, 'src', name),
);
const files = [join(repository, 'package-lock.json'), import.meta.filename];

/** Builds the page where that is due and returns its folder. One process at a time: each empties the folder first. */
export async function buildPage(): Promise<string> {
  const wanted = hashSources();
  const isDue = (): boolean => !existsSync(mark) || readFileSync(mark, 'utf8') !== wanted;
  if (!isDue()) return out;
  mkdirSync(dirname(out), { recursive: true });
  const build = async (): Promise<void> => {
    if (isDue()) await writePage(wanted);
  };
  await holdLock(join(dirname(out), '.page.lock'), build, () => {});
  return out;
}

async function writePage(wanted: string): Promise<void> {
  await runVite();
  writeFileSync(mark, wanted);
}

async function runVite(): Promise<void> {
  // Only here, so that nothing of a build is loaded where none is due.
  const [{ build }, { default: tailwind }] = await Promise.all([import('vite'), import('@tailwindcss/vite')]);
  // Tests build too, and theirs is another one: React would be the slow one that watches over those who write pages.
  const usual = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      root,
      plugins: [tailwind()],
      // No data URIs for scripts and styles, and no inline module that the content security policy would refuse.
      build: { outDir: out, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    });
  } finally {
    if (usual === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = usual;
  }
}

function hashSources(): string {
  const hash = createHash('sha256');
  const paths = [...folders.filter((folder) => existsSync(folder)).flatMap(listFolder), ...files];
  for (const path of paths) hash.update(path.slice(repository.length)).update('\0').update(readFileSync(path));
  return hash.digest('hex');
}

function listFolder(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.main) process.stdout.write(`${await buildPage()}\n`);
