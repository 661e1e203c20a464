import { afterAll, beforeAll, expect } from 'vitest';
import { createNamespace } from '../control-plane/create-namespace.ts';
import { eventually } from '../control-plane/eventually.ts';
import { type RunningOperator, startOperator } from '../control-plane/start-operator.ts';
import { ConnectionDesk } from './connection-desk.ts';
import { findLeaks } from './find-leaks.ts';

/** Namespaces of a test file and the operator that watches them. Usable from the first test on. */
export interface OperatorScene {
  /** The first namespace. */
  readonly desk: ConnectionDesk;
  /** All of them, the first one included. */
  readonly desks: readonly ConnectionDesk[];
  /** The operator that was started last. */
  readonly operator: RunningOperator;
  /** Ends the operator in order. */
  stop(): Promise<void>;
  /** Starts it again, with other arguments where they are given. */
  start(args?: readonly string[]): Promise<void>;
}

export interface SceneOptions {
  /** Namespaces that the operator watches. Default 1. */
  readonly namespaces?: number;
  /** Further arguments of the operator. */
  readonly args?: readonly string[];
  /** Places where values are not looked for, because somebody else put them there. */
  readonly except?: readonly string[];
}

/**
 * Makes namespaces and starts an operator on them before the first test of the file, with the rights of the manifests
 * and a talkative log. After the last test no value that a test saw may be found anywhere but in its Secret.
 */
export function useOperator({ namespaces = 1, args = [], except = [] }: SceneOptions = {}): OperatorScene {
  const desks: ConnectionDesk[] = [];
  const operators: RunningOperator[] = [];
  const start = async (given: readonly string[] = args): Promise<void> => {
    const watched = desks.map(({ namespace }) => namespace);
    const operator = await startOperator({ namespaces: watched, args: ['--log-level', 'debug', ...given] });
    operators.push(operator);
    await operator.ready();
    // One that waits for the Lease is ready too.
    await eventually(() => expect(operator.lines.filter((line) => line.includes('"synced"'))).toHaveLength(1));
  };
  const stop = async (): Promise<void> => {
    await operators.at(-1)?.stop();
  };

  beforeAll(async () => {
    for (let i = 0; i < namespaces; i++) desks.push(new ConnectionDesk(await createNamespace()));
    await start();
  });
  afterAll(async () => {
    const leaks = (await findLeaks(desks, operators)).filter((place) => !except.includes(place));
    await stop();
    if (leaks.length > 0) throw new Error(`values that only their Secret may hold stand in ${leaks.join(', ')}`);
  });

  return {
    get desk() {
      return first(desks);
    },
    desks,
    get operator() {
      return first(operators.slice(-1));
    },
    start,
    stop,
  };
}

function first<T>(list: readonly T[]): T {
  const [item] = list;
  if (item === undefined) throw new Error('usable from the first test on');
  return item;
}
