import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

export interface ProgramOptions {
  /** TypeScript file in the repository, as in `src/bin/operator.ts`. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Laid over this process's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Hears each line that the program writes to either stream. */
  readonly onLine?: (line: string) => void;
}

/** How a program ended. */
export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProgram {
  readonly pid: number;
  /** What it wrote so far, both streams, in the order of arrival. Grows. */
  readonly lines: readonly string[];
  /** Settles when it ended and everything that it wrote is in `lines`. */
  readonly exited: Promise<ProgramExit>;
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal (default SIGTERM) and waits for the end. A stopped program (SIGSTOP) hears only SIGKILL. */
  stop(signal?: NodeJS.Signals): Promise<ProgramExit>;
}

const repository = join(import.meta.dirname, '..');

/** Runs one of our programs with this process's Node, as a child that ends with this process however that ends. */
export function startProgram(options: ProgramOptions): RunningProgram {
  const preload = pathToFileURL(join(import.meta.dirname, 'end-with-parent.ts')).href;
  const args = ['--import', preload, join(repository, options.file), ...(options.args ?? [])];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      options.onLine?.(line);
    });
  }
  const { promise: exited, resolve, reject } = Promise.withResolvers<ProgramExit>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve({ code, signal }));
  return {
    pid: child.pid ?? 0,
    lines,
    exited,
    signal: (signal) => void child.kill(signal),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}
