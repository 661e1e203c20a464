import { expect } from 'vitest';
import { eventually } from '../control-plane/eventually.ts';
import { startOperator } from '../control-plane/start-operator.ts';
import { compareWorlds } from './compare-worlds.ts';
import { findFaults, readRing } from './find-faults.ts';
import { readWorlds, type World } from './read-world.ts';
import { createFor, type Scenario, scenarios } from './scenarios.ts';
import { argumentsFor, type Stage } from './stage.ts';

/** One scenario with the places where its operators stop: after so many writes each. */
export interface Case {
  readonly scenario: Scenario;
  /** Name of its Connection, such as `rotate-one-2-1`. */
  readonly name: string;
  readonly stops: readonly number[];
}

/** One case for each list of stops that a scenario of so many writes should have. */
export function buildCases(buildStops: (writes: number) => readonly (readonly number[])[]): readonly Case[] {
  return scenarios.flatMap((scenario) =>
    buildStops(scenario.writes).map((stops) => ({ scenario, stops, name: [scenario.name, ...stops].join('-') })),
  );
}

/** The plan of the n-th operator: each Connection's n-th stop. */
export function planOf(cases: readonly Case[], n: number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    cases.flatMap(({ name, stops }) => (stops[n] === undefined ? [] : [[name, stops[n]] as const])),
  );
}

/** Issues what has to be issued before, and then lets it all happen while no operator runs. */
export async function arrangeCases(stage: Stage, cases: readonly Case[]): Promise<ReadonlyMap<string, World>> {
  const { cluster, namespace } = stage;
  const issued = cases.filter(({ scenario }) => scenario.isIssuedBefore);
  await Promise.all(issued.map(({ scenario, name }) => createFor({ cluster, namespace, name }, scenario.spec)));
  await runUntilSettled(stage);
  const before = await readWorlds(cluster, namespace);
  await Promise.all(cases.map(({ scenario, name }) => scenario.act({ cluster, namespace, name })));
  return before;
}

/** Runs the operator as it is shipped until every Connection of the namespace is as it should be, and ends it in order. */
export async function runUntilSettled(stage: Stage): Promise<void> {
  const operator = await startOperator({ namespaces: [stage.namespace], args: argumentsFor(stage) });
  try {
    await operator.ready();
    // One that waits for the Lease is ready too.
    await eventually(() => expect(operator.lines.some((line) => line.includes('"synced"'))).toBe(true));
    await waitUntilSettled(stage);
  } finally {
    expect(await operator.stop()).toEqual({ code: 0, signal: null });
  }
}

/** Waits until every Connection of the namespace is issued and its Secret's values are accepted. */
export async function waitUntilSettled(stage: Stage, within = 120_000): Promise<void> {
  await eventually(
    async () => {
      const { cluster, namespace, keySecret } = stage;
      const [worlds, ring] = await Promise.all([readWorlds(cluster, namespace), readRing(cluster, keySecret)]);
      const faults: Record<string, readonly string[]> = {};
      for (const [name, world] of worlds) {
        const found = await findFaults(world, ring);
        if (found.length > 0) faults[name] = found;
      }
      expect(faults).toEqual({});
    },
    { within, every: 250 },
  );
}

/** What is wrong with each case at the end; empty when nothing is. */
export async function judgeCases(
  { cluster, namespace, keySecret }: Stage,
  cases: readonly Case[],
  before: ReadonlyMap<string, World>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const [worlds, ring] = await Promise.all([readWorlds(cluster, namespace), readRing(cluster, keySecret)]);
  const faults: Record<string, readonly string[]> = {};
  for (const { scenario, name } of cases) {
    const after = worlds.get(name);
    const was = scenario.isIssuedBefore ? before.get(name) : undefined;
    const found = after ? await compareWorlds(scenario, was, after, ring) : ['there is no such Connection'];
    if (found.length > 0) faults[name] = found;
  }
  return faults;
}
