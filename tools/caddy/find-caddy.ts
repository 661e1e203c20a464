import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { holdLock } from '../control-plane/hold-lock.ts';
import { runGo } from '../run-go.ts';

const folder = import.meta.dirname;
const goPackage = 'github.com/caddyserver/caddy/v2/cmd/caddy';
/** Leaves out databases, which nothing here needs: a third of the time to build. */
const tags = 'nobadger,nomysql,nopgx';
/** Something is said at least this often, in milliseconds: CI systems end a job that is silent for long. */
const heartbeat = 10_000;

/** Path of a Caddy: in the cache, else built into it from go.mod (some minutes of two cores, once). */
export async function findCaddy(report: (line: string) => void): Promise<string> {
  const cache = cacheFolder();
  const program = join(cache, 'caddy');
  if (isProgram(program)) return program;
  await mkdir(cache, { recursive: true });
  const build = async (): Promise<void> => {
    if (!isProgram(program)) await buildCaddy(program, report);
  };
  await holdLock(join(cache, '.lock'), build, (holder) =>
    report(`Process ${holder} is building Caddy; waiting for it.`),
  );
  return program;
}

async function buildCaddy(program: string, report: (line: string) => void): Promise<void> {
  const started = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  report(`Building Caddy, once; kept in ${program}`);
  const timer = setInterval(() => report(`  caddy: building, ${elapsed()}`), heartbeat);
  const partial = `${program}-${randomUUID()}`;
  try {
    const flags = ['-tags', tags, '-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];
    await runGo(folder, ['build', ...flags, '-o', partial, goPackage], 'caddy');
    await rename(partial, program);
    report(`  caddy: built in ${elapsed()}`);
  } finally {
    clearInterval(timer);
    await rm(partial, { force: true });
  }
}

/** Outside the repository, one for each version: changes with any line of go.mod and with the machine's kind. */
function cacheFolder(): string {
  const text = readFileSync(join(folder, 'go.mod'), 'utf8');
  const fingerprint = createHash('sha256').update(`${process.platform} ${process.arch} ${tags}\n${text}`).digest('hex');
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(caches, 'connection-operator', 'caddy', fingerprint.slice(0, 10));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
