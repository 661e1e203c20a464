import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runGo } from '../run-go.ts';
import { type BinaryName, goPackages } from './binaries.ts';
import { moduleFolder, type Versions } from './read-versions.ts';

/** Something is said at least this often (seconds): CI systems end a job that is silent for long. */
const heartbeat = 10;
const unfinished = '.building-';

/**
 * Builds one program into `folder`. A reader of the folder sees the whole program or none: it is built under another
 * name and renamed. `report` hears of the progress, at least every ten seconds.
 */
export async function buildBinary(
  name: BinaryName,
  folder: string,
  versions: Versions,
  report: (line: string) => void,
): Promise<void> {
  const partial = join(folder, `${unfinished}${name}-${randomUUID()}`);
  const started = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  const timer = setInterval(() => report(`  ${name}: building, ${elapsed()}`), heartbeat * 1000);
  try {
    await runGo(moduleFolder, ['build', ...buildFlags(name, versions), '-o', partial, goPackages[name]], name);
    await rename(partial, join(folder, name));
    report(`  ${name}: built in ${elapsed()}`);
  } finally {
    clearInterval(timer);
    await rm(partial, { force: true });
  }
}

/** Removes what builders left in `folder` that were ended half way. Call it only while no other builder is at work. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (entry.startsWith(unfinished)) await rm(join(folder, entry), { force: true });
  }
}

function buildFlags(name: BinaryName, versions: Versions): string[] {
  // Built as a module Kubernetes does not know its own version and calls itself v0.0.0-master.
  const [major = '', minor = ''] = versions.kubernetes.slice(1).split('.');
  const version = { gitVersion: versions.kubernetes, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const settings = Object.entries(version).map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`);
  const linker = name === 'etcd' ? '-s -w' : `-s -w ${settings.join(' ')}`;
  return ['-trimpath', '-buildvcs=false', '-ldflags', linker];
}
