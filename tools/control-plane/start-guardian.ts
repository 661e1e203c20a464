import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Exit, GuardianEvent, GuardianRequest } from './guardian-messages.ts';

/** A program that a guardian started. */
export interface GuardedProcess {
  readonly pid: number;
  /** Settles when the program ended. */
  readonly exited: Promise<Exit>;
  /**
   * Sent by the program's own parent, so it never reaches another process that got the same id. Resolves when it was sent,
   * or when the program is gone.
   */
  signal(signal: NodeJS.Signals): Promise<void>;
}

export interface Guardian {
  /** Process id of the guardian itself. */
  readonly pid: number;
  /** Starts a program in the directory; its output is appended to `<name>.log` there. One of a name at a time. */
  start(name: string, file: string, args: readonly string[]): Promise<GuardedProcess>;
  /** Ends the programs in their order and removes the directory. */
  end(): Promise<void>;
}

interface Waiting {
  readonly started: PromiseWithResolvers<number>;
  readonly exited: PromiseWithResolvers<Exit>;
  /** Hear that a signal was sent, the oldest first. */
  readonly signals: (() => void)[];
}

/**
 * Starts a guardian for programs that live in `directory` and end in this order. Both go when this process goes,
 * however it goes.
 */
export function startGuardian(directory: string, order: readonly string[]): Guardian {
  const child = fork(join(import.meta.dirname, 'guardian.ts'), [directory, ...order], {
    detached: true,
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<string, Waiting>();
  const gone = Promise.withResolvers<void>();
  child.once('exit', () => {
    for (const entry of waiting.values()) {
      entry.started.reject(new Error('the guardian of the control plane ended'));
      entry.exited.resolve({ code: null, signal: 'SIGKILL' });
    }
    gone.resolve();
  });
  child.on('message', (event: GuardianEvent) => hear(waiting, event));
  const ask = (request: GuardianRequest): void => {
    if (child.connected) child.send(request);
  };

  return {
    pid: child.pid ?? 0,
    async start(name, file, args) {
      const entry: Waiting = { started: Promise.withResolvers(), exited: Promise.withResolvers(), signals: [] };
      waiting.set(name, entry);
      ask({ ask: 'start', name, file, args });
      const pid = await entry.started.promise;
      const exited = entry.exited.promise;
      const signal = async (wanted: NodeJS.Signals): Promise<void> => {
        // The name may be another program's by now.
        if (waiting.get(name) !== entry) return;
        const sent = new Promise<void>((resolve) => entry.signals.push(resolve));
        ask({ ask: 'signal', name, signal: wanted });
        await Promise.race([sent, exited]);
      };
      return { pid, exited, signal };
    },
    async end() {
      ask({ ask: 'end' });
      await gone.promise;
    },
  };
}

function hear(waiting: Map<string, Waiting>, event: GuardianEvent): void {
  const entry = waiting.get(event.name);
  if (event.tell === 'started') {
    entry?.started.resolve(event.pid);
    return;
  }
  if (event.tell === 'signalled') {
    entry?.signals.shift()?.();
    return;
  }
  waiting.delete(event.name);
  entry?.started.reject(new Error(`${event.name} could not be started`));
  entry?.exited.resolve(event.exit);
}
