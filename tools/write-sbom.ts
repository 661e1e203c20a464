/**
 * `npm run sbom [-- FILE]`: what the image holds of other people's packages, as CycloneDX, made by npm itself. `npm sbom
 * --omit dev` leaves out what a development dependency needs too, so npm is shown a project that has none.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

interface LockFile {
  readonly packages: Readonly<Record<string, { dev?: boolean; devDependencies?: object }>>;
}

/** The text of the bill of materials. */
export function buildSbom(): string {
  const { devDependencies: _, ...manifest } = readJson<{ name: string; devDependencies?: object }>('package.json');
  const lock = readJson<LockFile>('package-lock.json');
  const kept = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
  const packages: Record<string, { devDependencies?: object }> = Object.fromEntries(kept);
  delete packages['']?.devDependencies;
  // npm names a project after its folder
  const parent = mkdtempSync(join(tmpdir(), 'sbom-'));
  const folder = join(parent, manifest.name);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--sbom-type', 'application'];
    return execFileSync('npm', args, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  } finally {
    rmSync(parent, { recursive: true });
  }
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(root, name), 'utf8')) as T;
}

if (import.meta.main) {
  const file = process.argv[2] ?? 'dist/sbom.cdx.json';
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, buildSbom());
  console.log(file);
}
