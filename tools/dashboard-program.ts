import { setTimeout as sleep } from 'node:timers/promises';
import { reservePort } from './reserve-port.ts';
import { type RunningProgram, startProgram } from './start-program.ts';

export interface DashboardProgramOptions {
  /** Of which only the address of the cluster counts. */
  readonly kubeconfig: string;
  /** Admin ports of gateways. */
  readonly gateways?: readonly string[];
  /** Of 127.0.0.1; absent: a free one. */
  readonly port?: number;
  /** Further arguments. */
  readonly args?: readonly string[];
  readonly onLine?: (line: string) => void;
}

export interface DashboardProgram extends RunningProgram {
  /** Address of the page. */
  readonly origin: string;
  /** Waits until it answers and returns it; rejects with what it wrote when it ends before. */
  ready(): Promise<DashboardProgram>;
}

/** Starts `src/bin/dashboard.ts`. It ends with this process at the latest. */
export async function startDashboardProgram(options: DashboardProgramOptions): Promise<DashboardProgram> {
  const { kubeconfig, gateways = [], port = await reservePort(), args = [], onLine } = options;
  const program = startProgram({
    file: 'src/bin/dashboard.ts',
    args: ['--listen', `127.0.0.1:${port}`, ...gateways.flatMap((gateway) => ['--gateway', gateway]), ...args],
    env: { KUBECONFIG: kubeconfig },
    ...(onLine && { onLine }),
  });
  const origin = `http://localhost:${port}`;
  const dashboard: DashboardProgram = {
    ...program,
    origin,
    async ready() {
      await waitUntilReady(program, `http://127.0.0.1:${port}`);
      return dashboard;
    },
  };
  return dashboard;
}

async function waitUntilReady(program: RunningProgram, origin: string): Promise<void> {
  let ended = false;
  void program.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`${origin}/healthz`).catch(() => undefined);
    if (answer?.status === 200) return;
    const wrote = program.lines.slice(-20).join('\n');
    if (ended) throw new Error(`the dashboard ended before it was ready; it wrote:\n${wrote}`);
    if (Date.now() > deadline) throw new Error(`the dashboard was not ready within 30 s; it wrote:\n${wrote}`);
    await sleep(50);
  }
}
