import { type OperatorOptions, type RunningOperator, startOperator } from '../control-plane/start-operator.ts';

export interface SupervisedOperator {
  /** How often it ended by itself. */
  readonly ends: number;
  /** Of all starts together. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** Keeps an operator running as a kubelet does: one that ends is started again. */
export async function superviseOperator(options: OperatorOptions): Promise<SupervisedOperator> {
  let isOver = false;
  let ends = 0;
  const all: RunningOperator[] = [];
  const start = async (): Promise<void> => {
    const operator = await startOperator(options);
    all.push(operator);
    void operator.exited.then(() => {
      if (isOver) return;
      ends += 1;
      void start();
    });
  };
  await start();
  return {
    get ends() {
      return ends;
    },
    get lines() {
      return all.flatMap(({ lines }) => lines);
    },
    async stop() {
      isOver = true;
      await all.at(-1)?.stop();
    },
  };
}
