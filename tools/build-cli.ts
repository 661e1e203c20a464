/**
 * `npm run build`: `kubectl connection` as one file with the page of the dashboard in it, in a folder that is an npm package of its own without any
 * dependency: `npm install -g ./dist/bin`. Node runs TypeScript only outside of `node_modules`, so it is JavaScript there.
 *
 * With `--executable` also `dist/kubectl-connection`: Node itself with the program in it, for people without Node
 * (single executable application), for the system and processor that it is built on.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { findCompletionScript } from '../src/cli/commands/completion.ts';
import { ruleFiles } from '../src/cli/validate/read-rules.ts';
import { buildPage } from './build-page.ts';

const repository = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { executable: { type: 'boolean' }, out: { type: 'string' } } });
const dist = values.out ?? join(repository, 'dist');
const folder = join(dist, 'bin');

interface Project {
  readonly version: string;
  readonly license: string;
}

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** What the program reads at run time. */
function collectFiles(): Readonly<Record<string, string>> {
  const { version } = JSON.parse(read('package.json')) as Project;
  return {
    'package.json': JSON.stringify({ version }),
    ...Object.fromEntries(ruleFiles.map((path) => [path, read(path)])),
  };
}

/** The page of the dashboard in base64, by path. */
async function collectPage(): Promise<Readonly<Record<string, string>>> {
  const page = await buildPage();
  const entries = readdirSync(page, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith('.'),
  );
  return Object.fromEntries(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [relative(page, file).split(sep).join('/'), readFileSync(file).toString('base64')];
    }),
  );
}

/** Older ones would end with a stack trace out of a library. */
const starter = `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error('kubectl connection needs Node 22.19 or newer; this is ' + process.version + '. There is a single executable without Node, too.');
  process.exit(1);
}
await import('./program.mjs');
`;

async function bundle(file: string, format: 'esm' | 'cjs'): Promise<void> {
  const build = await rolldown({
    input: join(repository, 'src/bin/kubectl-connection.ts'),
    platform: 'node',
    logLevel: 'warn',
    checks: { eval: false },
  });
  const intro = `var bundledFiles = ${JSON.stringify(collectFiles())};\nvar bundledPage = ${JSON.stringify(await collectPage())};`;
  await build.write({ file, format, codeSplitting: false, intro });
  await build.close();
}

/** What it says is for whoever looks for the reason of a failure. */
function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, [...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${stdout}${stderr}`);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await bundle(join(folder, 'program.mjs'), 'esm');
writeFileSync(join(folder, 'kubectl-connection.mjs'), starter, { mode: 0o755 });
const completion = join(folder, 'kubectl_complete-connection');
writeFileSync(completion, `${findCompletionScript('kubectl')}\n`, { mode: 0o755 });
const { version, license } = JSON.parse(read('package.json')) as Project;
const manifest = {
  name: 'kubectl-connection',
  version,
  description: 'kubectl connection: daily work with Connections of the connection operator',
  license,
  type: 'module',
  engines: { node: '>=22.19' },
  bin: { 'kubectl-connection': 'kubectl-connection.mjs', 'kubectl_complete-connection': 'kubectl_complete-connection' },
};
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
copyFileSync(join(repository, 'LICENSE'), join(folder, 'LICENSE'));
copyFileSync(join(repository, 'src/cli/README.md'), join(folder, 'README.md'));

if (values.executable === true) {
  const script = join(dist, 'kubectl-connection.cjs');
  await bundle(script, 'cjs');
  const config = join(dist, 'sea-config.json');
  const blob = join(dist, 'sea.blob');
  const executable = join(dist, 'kubectl-connection');
  writeFileSync(config, JSON.stringify({ main: script, output: blob, disableExperimentalSEAWarning: true }));
  run(process.execPath, ['--experimental-sea-config', config]);
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  // The fuse is the one of Node's documentation of single executable applications.
  run(process.execPath, [
    join(repository, 'node_modules/postject/dist/cli.js'),
    ...[executable, 'NODE_SEA_BLOB', blob],
    ...['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'],
    ...(process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : []),
  ]);
  for (const left of [script, config, blob]) rmSync(left);
  process.stdout.write(`${executable}: put it into your PATH\n`);
}
process.stdout.write(`${folder}: npm install -g ${folder}\n`);
