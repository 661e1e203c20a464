import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A process that holds programs, as it printed it. */
export interface Parent {
  readonly pid: number;
  readonly directory: string;
  /** Process ids of what it holds, in the order in which they have to end. */
  readonly programs: Readonly<Record<string, number>>;
}

/** Runs a file of this folder as leader of a process group, as a shell does, and waits for what it prints. */
export async function startParent(file: string, order: readonly string[]): Promise<Parent> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const printed = JSON.parse(line) as Omit<Parent, 'pid'>;
  const programs = Object.fromEntries(order.map((name) => [name, printed.programs[name] ?? 0]));
  onTestFinished(() => {
    for (const pid of [child.pid ?? 0, ...Object.values(programs)]) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  return { pid: child.pid ?? 0, directory: printed.directory, programs };
}

/** Whether a process of this id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
