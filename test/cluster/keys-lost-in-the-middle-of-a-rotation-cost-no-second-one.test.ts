import { beforeAll, expect, test } from 'vitest';
import { runInterrupted } from './failure/run-interrupted.ts';
import { arrangeCases, buildCases, type Case, judgeCases, planOf, runUntilSettled } from './failure/run-scenarios.ts';
import { scenarios } from './failure/scenarios.ts';
import { buildStageWithKeys } from './failure/stage.ts';
import { deleteKeys } from './failure/write-keys.ts';

/** Without a status only the mark says whose a Secret is, and without its key that says nothing. */
const restated = scenarios.filter(({ isIssuedBefore, name }) => isIssuedBefore && name !== 'restore');

/** Lost before anything was done, or after each write. Values in their overlap end with a key that made them. */
const cases: readonly Case[] = buildCases((writes) => Array.from({ length: writes }, (_, i) => [i]))
  .filter(({ scenario }) => restated.includes(scenario))
  .map((entry) => ({
    ...entry,
    scenario: {
      ...entry.scenario,
      overlaps: entry.scenario.overlaps === true && entry.stops[0] === 0,
      losses: 1,
    },
  }));
let faults: Readonly<Record<string, readonly string[]>> = {};

beforeAll(async () => {
  const stage = await buildStageWithKeys();
  const before = await arrangeCases(stage, cases);
  await runInterrupted(stage, { after: planOf(cases, 0), signal: 'SIGKILL' });
  await deleteKeys(stage);
  await runUntilSettled(stage);
  faults = await judgeCases(stage, cases, before);
});

test.each(restated)('$name: as if the keys had been there', ({ name }) => {
  const ours = cases.filter(({ scenario }) => scenario.name === name).map((entry) => entry.name);
  expect(Object.fromEntries(Object.entries(faults).filter(([key]) => ours.includes(key)))).toEqual({});
});
