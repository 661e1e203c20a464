import { reservePort } from '../../tools/reserve-port.ts';
import { startProgram } from '../../tools/start-program.ts';
import type { BenchCluster } from './bench-cluster.ts';
import { readNodeOptions } from './read-deployment.ts';

/** A moment that the operator's log tells of. */
export interface LogLine {
  readonly time: string;
  readonly msg: string;
}

/** The operator as a process of its own, as it is run in a pod. */
export interface BenchOperator {
  readonly pid: number;
  /** `Date.now()` just before the process was started. */
  readonly startedAt: number;
  /** Waits for a line with this message; returns its moment, in milliseconds since the epoch. */
  line(message: string): Promise<number>;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
}

export interface BenchOperatorOptions {
  /** Folder for a processor profile of each run; absent: none. */
  readonly profiles: string | undefined;
}

/** Starts `src/bin/operator.ts` with its default flags, and with the options for Node that its Deployment has. */
export async function startBenchOperator(cluster: BenchCluster, options: BenchOperatorOptions): Promise<BenchOperator> {
  const port = await reservePort();
  const lines = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const startedAt = Date.now();
  const { profiles } = options;
  const program = startProgram({
    file: 'src/bin/operator.ts',
    args: ['--admin', `127.0.0.1:${port}`],
    env: {
      KUBECONFIG: cluster.operatorKubeconfig,
      NODE_OPTIONS: [readNodeOptions(), ...(profiles ? [`--cpu-prof --cpu-prof-dir=${profiles}`] : [])].join(' '),
    },
    onLine: (text) => {
      const line = parseLine(text);
      if (line === undefined) return;
      const at = Date.parse(line.time);
      if (!lines.has(line.msg)) lines.set(line.msg, at);
      waiting.get(line.msg)?.(at);
    },
  });
  const ended = program.exited.then(({ code, signal }): never => {
    throw new Error(`the operator ended (${code ?? signal}):\n${program.lines.slice(-20).join('\n')}`);
  });
  ended.catch(() => {});
  return {
    pid: program.pid,
    startedAt,
    async line(message) {
      const seen = lines.get(message);
      if (seen !== undefined) return seen;
      const coming = new Promise<number>((resolve) => waiting.set(message, resolve));
      return Promise.race([coming, ended]);
    },
    async stop() {
      await program.stop();
    },
  };
}

function parseLine(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return undefined;
  }
}
