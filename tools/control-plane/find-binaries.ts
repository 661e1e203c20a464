import { accessSync, constants } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Binaries, type BinaryName, binaryNames } from './binaries.ts';
import { buildBinary, removeUnfinished } from './build-binaries.ts';
import { checkGo } from './check-go.ts';
import { holdLock } from './hold-lock.ts';
import { readVersions, type Versions } from './read-versions.ts';

/** Where lines about progress go. Standard error: standard output belongs to the answer of the command. */
export function reportToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * The programs of the local control plane: those in `KUBEBUILDER_ASSETS`, else those in the cache, else built into the
 * cache from go.mod (minutes, once). kube-controller-manager, which `KUBEBUILDER_ASSETS` usually lacks, is taken from
 * the cache or built alone then. Throws a sentence when they can be neither found nor built.
 */
export async function findBinaries(report: (line: string) => void = reportToStderr): Promise<Binaries> {
  const assets = readAssets();
  const cached = await findCached(
    binaryNames.filter((name) => assets[name] === undefined),
    report,
  );
  return { ...cached, ...assets } as Binaries;
}

/** The kubectl of the same version, without the other programs: enough where a cluster is there already. */
export async function findKubectl(report: (line: string) => void = reportToStderr): Promise<string> {
  return readAssets().kubectl ?? (await findCached(['kubectl'], report)).kubectl ?? 'kubectl';
}

/** Folder outside the repository that keeps what was built, one for each version. */
export function cacheFolder(versions: Versions): string {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const { kubernetes, etcd, fingerprint } = versions;
  return join(caches, 'connection-operator', 'control-plane', `${kubernetes}-etcd-${etcd}-${fingerprint}`);
}

function readAssets(): Partial<Record<BinaryName, string>> {
  const folder = process.env.KUBEBUILDER_ASSETS;
  if (folder === undefined || folder === '') return {};
  const missing = binaryNames.filter((name) => !isProgram(join(folder, name)));
  const needed = missing.filter((name) => name !== 'kube-controller-manager');
  if (needed.length > 0) {
    throw new Error(
      `KUBEBUILDER_ASSETS is ${folder}, which has no ${needed.join(', ')}. ` +
        'Put them there, or unset KUBEBUILDER_ASSETS to have all of them built.',
    );
  }
  const found = binaryNames.filter((name) => !missing.includes(name));
  return Object.fromEntries(found.map((name) => [name, resolve(folder, name)]));
}

async function findCached(
  names: readonly BinaryName[],
  report: (line: string) => void,
): Promise<Partial<Record<BinaryName, string>>> {
  const versions = readVersions();
  const folder = cacheFolder(versions);
  const absent = (): BinaryName[] => names.filter((name) => !isProgram(join(folder, name)));
  if (absent().length > 0) await fillCache(folder, versions, absent, report);
  return Object.fromEntries(names.map((name) => [name, join(folder, name)]));
}

async function fillCache(
  folder: string,
  versions: Versions,
  absent: () => BinaryName[],
  report: (line: string) => void,
): Promise<void> {
  const go = checkGo(versions);
  await mkdir(folder, { recursive: true });
  const build = async (): Promise<void> => {
    await removeUnfinished(folder);
    const due = absent();
    if (due.length === 0) return;
    report(`Building ${due.join(', ')} with ${go}: Kubernetes ${versions.kubernetes}, etcd ${versions.etcd}.`);
    report(`It takes some minutes, once; kept in ${folder}`);
    for (const name of due) await buildBinary(name, folder, versions, report);
  };
  await holdLock(join(folder, '.lock'), build, (holder) => {
    report(`Process ${holder} is building the local control plane; waiting for it.`);
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
