import { setTimeout as sleep } from 'node:timers/promises';
import { reservePort } from '../../../tools/reserve-port.ts';
import { type RunningProgram, startProgram } from '../../../tools/start-program.ts';
import { sharedCluster } from './shared-cluster.ts';

export interface OperatorOptions {
  /**
   * Namespaces that it watches. Operators on the shared cluster watch their own test's only; `all` is for a control
   * plane of one's own.
   */
  readonly namespaces: readonly string[] | 'all';
  /** Further arguments, as in `['--connection-limit', '2']`. */
  readonly args?: readonly string[];
  /** Default: the shared cluster as the ServiceAccount of the manifests, so with exactly the operator's rights. */
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunningOperator extends RunningProgram {
  /** Base address of health, readiness and metrics. */
  readonly admin: string;
  /** Waits until `/readyz` says 200 and returns the operator; rejects with what it wrote when it ends before. */
  ready(): Promise<RunningOperator>;
}

/** Kubeconfig of the operator's ServiceAccount on the shared cluster. */
export async function operatorKubeconfig(): Promise<string> {
  return sharedCluster().kubeconfigForServiceAccount('connection-system', 'connection-operator');
}

/** Starts `src/bin/operator.ts`. It ends with the test file at the latest. */
export async function startOperator(options: OperatorOptions): Promise<RunningOperator> {
  const port = await reservePort();
  const scope = options.namespaces === 'all' ? [] : ['--watch-namespaces', options.namespaces.join(',')];
  const kubeconfig = options.kubeconfig ?? (await operatorKubeconfig());
  const program = startProgram({
    file: 'src/bin/operator.ts',
    args: ['--admin', `127.0.0.1:${port}`, ...scope, ...(options.args ?? [])],
    env: { KUBECONFIG: kubeconfig, ...options.env },
  });
  const admin = `http://127.0.0.1:${port}`;
  const operator: RunningOperator = {
    ...program,
    admin,
    async ready() {
      await waitUntilReady(program, admin);
      return operator;
    },
  };
  return operator;
}

async function waitUntilReady(program: RunningProgram, admin: string): Promise<void> {
  let ended = false;
  void program.exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + 90_000;
  for (;;) {
    const answer = await fetch(`${admin}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    const wrote = program.lines.slice(-20).join('\n');
    if (ended) throw new Error(`the operator ended before it was ready; it wrote:\n${wrote}`);
    if (Date.now() > deadline) throw new Error(`the operator was not ready within 90 s; it wrote:\n${wrote}`);
    await sleep(100);
  }
}
