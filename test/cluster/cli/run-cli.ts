import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import * as pty from '@lydell/node-pty';

const program = 'src/bin/kubectl-connection.ts';

/** What a command left behind. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What somebody saw. */
export interface TerminalResult {
  readonly code: number;
  /** Everything that came, with its escape sequences, standard error among it. */
  readonly raw: string;
  /** The same without them. */
  readonly text: string;
}

export interface CliOptions {
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input of `runCli`; what is typed at each question of `typeCli`. */
  readonly input?: string;
}

function buildEnv({ kubeconfig, env = {} }: CliOptions): Record<string, string> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '' } = process.env;
  const usual = { PATH, HOME, NODE_COMPILE_CACHE, TERM: 'xterm', LANG: 'C.UTF-8' };
  return { ...usual, ...(kubeconfig && { KUBECONFIG: kubeconfig }), ...env };
}

/** Runs a command in a pipe, as a script does. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [program, ...args], { env: buildEnv(options) });
  const [stdout, stderr] = [readAll(child.stdout), readAll(child.stderr)];
  child.stdin.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, stdout: await stdout, stderr: await stderr };
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

/** Runs a command in a pseudo-terminal, as a person does. */
export async function typeCli(args: readonly string[], options: CliOptions = {}): Promise<TerminalResult> {
  const terminal = pty.spawn(process.execPath, [program, ...args], { cols: 160, rows: 50, env: buildEnv(options) });
  let raw = '';
  let answered = 0;
  terminal.onData((data) => {
    raw += data;
    const questions = raw.split('[y/N] ').length - 1;
    for (; answered < questions; answered++) terminal.write(`${options.input ?? ''}\r`);
  });
  const code = await new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => resolve(exitCode));
  });
  return { code, raw, text: stripVTControlCharacters(raw).replaceAll('\r', '') };
}
