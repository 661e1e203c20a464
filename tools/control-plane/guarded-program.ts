import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedProcess, Guardian } from './start-guardian.ts';

/** One program of a control plane, which can be started, ended and started again. */
export interface GuardedProgram {
  /** `undefined` while it does not run. */
  readonly pid: number | undefined;
  /** Starts it and waits until it is ready; rejects with the end of its log when it ends before. */
  start(): Promise<void>;
  /** Sends the signal and waits until it is gone. Nothing happens when it does not run. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when it was sent. Nothing happens when it does not run. */
  signal(signal: NodeJS.Signals): Promise<void>;
}

export interface ProgramSettings {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Made anew for each start; asked again and again until it says yes. A rejection counts as no. */
  readonly buildProbe: () => () => Promise<boolean>;
}

const startTimeout = 60_000;

export function buildGuardedProgram(guardian: Guardian, directory: string, settings: ProgramSettings): GuardedProgram {
  const { name, file, args, buildProbe } = settings;
  let running: GuardedProcess | undefined;
  const fail = (what: string): Error =>
    new Error(`${name} ${what}; its log ends with:\n${readLogEnd(directory, name)}`);

  return {
    get pid() {
      return running?.pid;
    },
    async start() {
      const process = await guardian.start(name, file, args);
      running = process;
      void process.exited.then(() => {
        if (running === process) running = undefined;
      });
      const isReady = buildProbe();
      const deadline = Date.now() + startTimeout;
      while (!(await isReady().catch(() => false))) {
        if (running !== process) throw fail('ended before it was ready');
        if (Date.now() > deadline) throw fail(`was not ready within ${startTimeout / 1000} s`);
        await sleep(50);
      }
    },
    async end(signal) {
      const process = running;
      if (process === undefined) return;
      await process.signal(signal);
      await process.exited;
    },
    async signal(signal) {
      await running?.signal(signal);
    },
  };
}

function readLogEnd(directory: string, name: string): string {
  const lines = readFileSync(join(directory, `${name}.log`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.slice(-8).join('\n');
}
