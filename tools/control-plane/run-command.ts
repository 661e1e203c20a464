import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Exit code; 128 and more when a signal ended it, as a shell counts. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Text for standard input, which is empty otherwise. */
  readonly input?: string;
  /** Laid over this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder that it runs in; this process's otherwise. */
  readonly cwd?: string;
}

/** Runs a program to its end. A failure is in the answer; only a program that cannot be started rejects. */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(file, args, {
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  // A program that ends without reading its input is no error of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  return { code: await promise, ...output };
}
