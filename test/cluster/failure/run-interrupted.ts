import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningProgram, startProgram } from '../../../tools/start-program.ts';
import { operatorKubeconfig } from '../control-plane/start-operator.ts';
import type { Stage } from './stage.ts';

/** What an interrupted operator is told. */
export interface Plan {
  readonly stage: Pick<Stage, 'namespace' | 'keySecret'>;
  /** Connection to the number of writes for it after which it is held; others are not held. */
  readonly after: Readonly<Record<string, number>>;
  /** Milliseconds without a write or an arrival after which those that were not held are not waited for. */
  readonly patience: number;
  /** What it sends itself then. */
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

export interface InterruptedOperator {
  /** Connections that were held when the signal came, sorted. */
  readonly held: readonly string[];
  /** After SIGSTOP: goes on with what it held, until it has nothing to do. */
  resume(): Promise<void>;
  /** In order, after `resume`; any other way at once. */
  end(): Promise<void>;
}

/** Runs an operator with exactly the operator's rights until it was killed or stopped. */
export async function runInterrupted(
  stage: Stage,
  rest: Omit<Plan, 'stage' | 'patience'> & Partial<Pick<Plan, 'patience'>>,
): Promise<InterruptedOperator> {
  const { namespace, keySecret } = stage;
  const plan: Plan = { stage: { namespace, keySecret }, patience: 20_000, ...rest };
  const program = startProgram({
    file: 'test/cluster/failure/interrupted-operator.ts',
    args: [JSON.stringify(plan)],
    env: { KUBECONFIG: await operatorKubeconfig() },
  });
  // One that is stopped does not notice that its parent ended.
  process.once('exit', () => program.signal('SIGKILL'));
  const held = await hear(program, 'held');
  if (plan.signal === 'SIGKILL') {
    const exit = await program.exited;
    if (exit.signal !== 'SIGKILL') throw new Error(`it ended otherwise: ${program.lines.join('\n')}`);
  }
  let isResumed = false;
  return {
    held,
    async resume() {
      isResumed = true;
      program.signal('SIGCONT');
      await hear(program, 'settled');
    },
    async end() {
      await program.stop(isResumed ? 'SIGTERM' : 'SIGKILL');
    },
  };
}

async function hear(program: RunningProgram, event: string): Promise<readonly string[]> {
  let isOver = false;
  void program.exited.then(() => {
    isOver = true;
  });
  const deadline = Date.now() + 120_000;
  for (;;) {
    const line = program.lines.find((text) => text.startsWith(`{"event":"${event}"`));
    if (line !== undefined) return (JSON.parse(line) as { readonly names: readonly string[] }).names;
    if (isOver || Date.now() > deadline)
      throw new Error(`the interrupted operator did not say ${event}; it wrote:\n${program.lines.join('\n')}`);
    await sleep(20);
  }
}
