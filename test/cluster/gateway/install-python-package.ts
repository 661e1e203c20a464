import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What a command wrote and how it ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly output: string;
}

/** Milliseconds for each step: whoever has no network to PyPI does not wait for it. */
const patience = 60_000;

/**
 * Installs a package from PyPI into a folder that goes away with the test. Returns its Python, or a sentence that says why
 * it cannot be had on this machine.
 */
export async function installPythonPackage(name: string): Promise<{ readonly python: string } | string> {
  const folder = mkdtempSync(join(tmpdir(), 'python-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const made = await runPython('python3', ['-m', 'venv', folder]);
  if (made.code !== 0) return 'python3 with venv and pip is not installed here';
  const python = join(folder, 'bin', 'python');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', name];
  const installed = await runPython(python, install);
  return installed.code === 0 ? { python } : `${name} cannot be installed: PyPI is not reachable from here`;
}

export function runPython(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { env: { ...process.env, ...env }, timeout: patience, killSignal: 'SIGKILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', () => resolve({ code: null, output }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
