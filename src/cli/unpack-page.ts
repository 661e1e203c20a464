import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Put in by `tools/build-cli.ts`: the dashboard's page in base64, by path. Not defined when sources run as they are. */
declare const bundledPage: Readonly<Record<string, string>> | undefined;

/** A folder with the page, for as long as the dashboard runs. */
export interface UnpackedPage {
  readonly folder: string;
  remove(): void;
}

/** Writes the page that a bundle carries into a folder of its own. `undefined`: none is carried. */
export function unpackPage(): UnpackedPage | undefined {
  const files = typeof bundledPage === 'undefined' ? {} : bundledPage;
  if (Object.keys(files).length === 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'connection-dashboard-'));
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(content, 'base64'));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
