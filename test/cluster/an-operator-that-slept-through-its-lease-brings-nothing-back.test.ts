import { beforeAll, expect, test } from 'vitest';
import { runInterrupted } from './failure/run-interrupted.ts';
import { arrangeCases, buildCases, judgeCases, planOf, waitUntilSettled } from './failure/run-scenarios.ts';
import { scenarios } from './failure/scenarios.ts';
import { buildStage } from './failure/stage.ts';

/** Before each write, and there the second operator before none or each of its own. */
const cases = buildCases((writes) => {
  const places = Array.from({ length: writes }, (_, i) => i);
  return places.flatMap((first) => [[first], ...places.map((second) => [first, second])]);
});
let faults: Readonly<Record<string, readonly string[]>> = {};
let notHeld: readonly string[] = [];

/** Both believe that they lead. The first is stopped, then the second; the first goes on, then the second. */
beforeAll(async () => {
  const stage = await buildStage();
  const before = await arrangeCases(stage, cases);
  const first = await runInterrupted(stage, { after: planOf(cases, 0), signal: 'SIGSTOP' });
  const second = await runInterrupted(stage, { after: planOf(cases, 1), patience: 3_000, signal: 'SIGSTOP' });
  notHeld = Object.keys(planOf(cases, 0)).filter((name) => !first.held.includes(name));
  await first.resume();
  await second.resume();
  await waitUntilSettled(stage);
  await Promise.all([first.end(), second.end()]);
  faults = await judgeCases(stage, cases, before);
});

test('the first operator was stopped before every write that was meant', () => {
  expect(notHeld).toEqual([]);
});

test.each(scenarios)('$name: as if there had been one operator', ({ name }) => {
  const ours = cases.filter(({ scenario }) => scenario.name === name).map((entry) => entry.name);
  expect(ours.length).toBeGreaterThan(0);
  expect(Object.fromEntries(Object.entries(faults).filter(([key]) => ours.includes(key)))).toEqual({});
});
