import { beforeAll, expect, test } from 'vitest';
import { runInterrupted } from './failure/run-interrupted.ts';
import { arrangeCases, buildCases, judgeCases, planOf, runUntilSettled } from './failure/run-scenarios.ts';
import { scenarios } from './failure/scenarios.ts';
import { buildStage } from './failure/stage.ts';

/** After each write but the last, and there the next operator again after each of its writes. */
const cases = buildCases((writes) => {
  const firsts = Array.from({ length: writes - 1 }, (_, i) => i + 1);
  return firsts.flatMap((first) => [[first], ...firsts.map((second) => [first, second])]);
});
let faults: Readonly<Record<string, readonly string[]>> = {};
let notHeld: readonly string[] = [];

beforeAll(async () => {
  const stage = await buildStage();
  const before = await arrangeCases(stage, cases);
  const first = await runInterrupted(stage, { after: planOf(cases, 0), signal: 'SIGKILL' });
  notHeld = Object.keys(planOf(cases, 0)).filter((name) => !first.held.includes(name));
  await runInterrupted(stage, { after: planOf(cases, 1), patience: 3_000, signal: 'SIGKILL' });
  await runUntilSettled(stage);
  faults = await judgeCases(stage, cases, before);
});

test('the first operator was killed between all the writes that were meant', () => {
  expect(notHeld).toEqual([]);
});

test.each(scenarios)('$name: as if nobody had been killed', ({ name }) => {
  const ours = cases.filter(({ scenario }) => scenario.name === name).map((entry) => entry.name);
  expect(ours.length).toBeGreaterThan(0);
  expect(Object.fromEntries(Object.entries(faults).filter(([key]) => ours.includes(key)))).toEqual({});
});
