/**
 * A process of its own that starts the programs of one control plane and ends them, in order, when its owner is gone
 * for whatever reason: the channel between them closes, also when the owner was killed with SIGKILL. It leads a session
 * of its own, so that Ctrl-C in a terminal does not end the programs behind its back in any order.
 *
 * Arguments: the working directory, which is removed at the end, then the names of the programs in the order in which
 * they end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Exit, GuardianEvent, GuardianRequest } from './guardian-messages.ts';

const [directory = '', ...order] = process.argv.slice(2);
const running = new Map<string, ChildProcess>();

function tell(event: GuardianEvent): void {
  // The owner may be gone by now; then there is nobody to tell.
  if (process.connected) process.send?.(event, undefined, undefined, () => undefined);
}

function start(name: string, file: string, args: readonly string[]): void {
  const log = openSync(join(directory, `${name}.log`), 'a');
  const child = spawn(file, args, { cwd: directory, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = (exit: Exit): void => {
    running.delete(name);
    tell({ tell: 'exited', name, exit });
  };
  child.once('error', () => ended({ code: 127, signal: null }));
  child.once('exit', (code, signal) => ended({ code, signal }));
  if (child.pid === undefined) return;
  running.set(name, child);
  tell({ tell: 'started', name, pid: child.pid });
}

let ending = false;

/** Everything that these programs know is thrown away with the directory, so SIGKILL does, also for a stopped one. */
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  const ordered = [...order, ...[...running.keys()].filter((name) => !order.includes(name))];
  for (const name of ordered) {
    const child = running.get(name);
    if (child === undefined) continue;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

process.on('message', (request: GuardianRequest) => {
  if (ending) return;
  if (request.ask === 'start') start(request.name, request.file, request.args);
  else if (request.ask === 'signal') {
    running.get(request.name)?.kill(request.signal);
    tell({ tell: 'signalled', name: request.name });
  } else void end();
});
process.once('disconnect', () => void end());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
