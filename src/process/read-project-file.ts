import { readFileSync } from 'node:fs';

/** Put in by `tools/build-cli.ts`: a bundle carries the files that it reads. Not defined when sources run as they are. */
declare const bundledFiles: Readonly<Record<string, string>> | undefined;

/** Text of a file of the project, by its path from the root: `crds/connection.yaml`. */
export function readProjectFile(path: string): string {
  const bundled = typeof bundledFiles === 'undefined' ? undefined : bundledFiles[path];
  return bundled ?? readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
