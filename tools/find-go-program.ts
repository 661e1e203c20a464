import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { holdLock } from './control-plane/hold-lock.ts';
import { runGo } from './run-go.ts';

/** Something is said at least this often, in milliseconds: CI systems end a job that is silent for long. */
const heartbeat = 10_000;

/** A program that tests need and that is built from the Go module proxy. */
export interface GoProgram {
  /** File name, and folder of the cache. */
  readonly name: string;
  /** Has the go.mod that pins it. */
  readonly folder: string;
  /** Package to build; `.` for the one of the folder. */
  readonly goPackage: string;
  /** Build tags, to leave out what nothing here needs. */
  readonly tags?: string;
}

/** Path of the program: in the cache outside the repository, else built into it (minutes of two cores, once). */
export async function findGoProgram(program: GoProgram, report: (line: string) => void): Promise<string> {
  const cache = cacheFolder(program);
  const path = join(cache, program.name);
  if (isProgram(path)) return path;
  await mkdir(cache, { recursive: true });
  const build = async (): Promise<void> => {
    if (!isProgram(path)) await buildProgram(program, path, report);
  };
  await holdLock(join(cache, '.lock'), build, (holder) =>
    report(`Process ${holder} is building ${program.name}; waiting for it.`),
  );
  return path;
}

async function buildProgram(program: GoProgram, path: string, report: (line: string) => void): Promise<void> {
  const { name, folder, goPackage, tags } = program;
  const started = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  report(`Building ${name}, once; kept in ${path}`);
  const timer = setInterval(() => report(`  ${name}: building, ${elapsed()}`), heartbeat);
  const partial = `${path}-${randomUUID()}`;
  try {
    const flags = [...(tags === undefined ? [] : ['-tags', tags]), '-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];
    await runGo(folder, ['build', ...flags, '-o', partial, goPackage], name);
    await rename(partial, path);
    report(`  ${name}: built in ${elapsed()}`);
  } finally {
    clearInterval(timer);
    await rm(partial, { force: true });
  }
}

/** One for each version: changes with any line of go.mod, with the code beside it and with the machine's kind. */
function cacheFolder({ name, folder, tags = '' }: GoProgram): string {
  const sources = readdirSync(folder).filter((file) => file === 'go.mod' || file.endsWith('.go'));
  const text = sources.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
  const fingerprint = createHash('sha256').update(`${process.platform} ${process.arch} ${tags}\n${text}`).digest('hex');
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(caches, 'connection-operator', name, fingerprint.slice(0, 10));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
