import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Paths of every file that is committed or about to be, relative to the repository, under `folder` where given. */
export function listFiles(folder = '.'): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', folder];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0');
  return [...new Set(listed)].filter((path) => path !== '' && existsSync(join(root, path)));
}

export function readFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
