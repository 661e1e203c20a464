import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflate } from '@sparticuz/chromium';

/** Where the browser was unpacked. */
export interface ChromiumFiles {
  readonly file: string;
  /** Libraries for a machine that has none of its own. */
  readonly libraries: string;
  /** Configuration with the machine's fonts and one for a machine without any. */
  readonly fonts: string;
}

const packed = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..');

/** The Chromium of the npm package, unpacked once for each version (some seconds) beside the binaries of the control plane. */
export async function findChromium(): Promise<ChromiumFiles> {
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as { version: string };
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'connection-operator', 'chromium');
  const folder = join(cache, version);
  if (!existsSync(folder)) await unpack(cache, folder);
  return {
    file: join(folder, 'chromium'),
    libraries: join(folder, 'al2023', 'lib'),
    fonts: join(folder, 'fonts.conf'),
  };
}

/** Puts it in place whole: another run may be looking. */
async function unpack(cache: string, folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(join(cache, 'unpacking-'));
  // The package knows no other folder than that for temporary files.
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = aside;
  try {
    for (const name of ['chromium.br', 'fonts.tar.br', 'al2023.tar.br']) await inflate(join(packed, 'bin', name));
    writeFileSync(join(aside, 'fonts.conf'), buildFontConfig(folder));
    renameSync(aside, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    rmSync(aside, { recursive: true, force: true });
  }
}

function buildFontConfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
