import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findBinaries } from '../../../../tools/control-plane/find-binaries.ts';

const all = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];
let folder = '';
let said: string[] = [];
const report = (line: string): void => void said.push(line);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-binaries-'));
  said = [];
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('KUBEBUILDER_ASSETS', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function writeProgram(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

/** A `go` that "builds" a file which holds the package's name, and writes down what it built. */
function installGo(build = 'true'): void {
  symlinkSync('/bin/sleep', join(folder, 'bin', 'sleep'));
  symlinkSync('/bin/chmod', join(folder, 'bin', 'chmod'));
  const steps = [
    'if [ "$1" = env ]; then echo go1.26.0; exit 0; fi',
    'while [ "$1" != -o ]; do shift; done',
    `echo "$3" >> ${folder}/built`,
    build,
    'echo "$3" > "$2"; chmod 755 "$2"',
  ];
  writeProgram(join(folder, 'bin', 'go'), steps.join('\n'));
}

function putAssets(names: readonly string[]): string {
  const assets = join(folder, 'assets');
  mkdirSync(assets);
  for (const name of names) writeProgram(join(assets, name), 'true');
  return assets;
}

const builds = (): string[] => readFileSync(join(folder, 'built'), 'utf8').trim().split('\n');

test('KUBEBUILDER_ASSETS is enough: nothing is built and no Go is needed', async () => {
  const assets = putAssets(all);
  vi.stubEnv('KUBEBUILDER_ASSETS', assets);
  expect(await findBinaries(report)).toEqual(Object.fromEntries(all.map((name) => [name, join(assets, name)])));
  expect(said).toEqual([]);
});

test('KUBEBUILDER_ASSETS without what it must hold is refused by name', async () => {
  vi.stubEnv('KUBEBUILDER_ASSETS', putAssets(['etcd']));
  await expect(findBinaries(report)).rejects.toThrow('which has no kube-apiserver, kubectl.');
});

test('a controller manager that KUBEBUILDER_ASSETS lacks is built alone', async () => {
  installGo();
  const assets = putAssets(['etcd', 'kube-apiserver', 'kubectl']);
  vi.stubEnv('KUBEBUILDER_ASSETS', assets);
  const found = await findBinaries(report);
  expect(found['kube-apiserver']).toBe(join(assets, 'kube-apiserver'));
  expect(readFileSync(found['kube-controller-manager'], 'utf8')).toContain('cmd/kube-controller-manager');
  expect(builds()).toHaveLength(1);
});

test('without Go the sentence says what to install', async () => {
  await expect(findBinaries(report)).rejects.toThrow(
    /Go was not found on the PATH\. .* install Go 1\.\d+\.\d+ or newer, or set KUBEBUILDER_ASSETS/,
  );
});

test('a Go that is too old is named', async () => {
  const steps = [
    'case "$PWD" in */tools/control-plane) echo "go.mod requires go >= 1.26.0" >&2; exit 1;; esac',
    'echo go1.22.1',
  ];
  writeProgram(join(folder, 'bin', 'go'), steps.join('\n'));
  await expect(findBinaries(report)).rejects.toThrow(/or newer is needed once.*here is go1\.22\.1\./);
});

test('what was built once is found again', async () => {
  installGo();
  const first = await findBinaries(report);
  expect(builds()).toHaveLength(4);
  expect(said.filter((line) => line.includes('built in'))).toHaveLength(4);
  rmSync(join(folder, 'bin', 'go'));
  expect(await findBinaries(report)).toEqual(first);
});

test('two that need the same build it once', async () => {
  installGo('sleep 0.2');
  const [first, second] = await Promise.all([findBinaries(report), findBinaries(report)]);
  expect(first).toEqual(second);
  expect(builds()).toHaveLength(4);
});

test('a failed build leaves nothing that looks like a program, and says what Go said', async () => {
  installGo('echo half > "$2"; echo "no space left" >&2; exit 1');
  await expect(findBinaries(report)).rejects.toThrow(/go build of etcd ended with 1:\nno space left/);
  const [version = ''] = readdirSync(join(folder, 'cache', 'connection-operator', 'control-plane'));
  expect(readdirSync(join(folder, 'cache', 'connection-operator', 'control-plane', version))).toEqual([]);
});
