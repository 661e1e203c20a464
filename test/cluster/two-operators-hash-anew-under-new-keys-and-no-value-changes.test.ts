import { beforeAll, expect, test } from 'vitest';
import { keyAnnotations, parts } from '../../src/api/names.ts';
import { newestVerifier } from '../../src/credentials/accepted-verifiers.ts';
import { readRing } from './failure/find-faults.ts';
import { readWorlds } from './failure/read-world.ts';
import { runInterrupted } from './failure/run-interrupted.ts';
import { arrangeCases, type Case, judgeCases, planOf, waitUntilSettled } from './failure/run-scenarios.ts';
import { type Scenario, scenarios } from './failure/scenarios.ts';
import { buildStageWithKeys, type Stage } from './failure/stage.ts';
import { annotateKeys } from './failure/write-keys.ts';

/** Nothing happens to it but that its verifiers are hashed under the new key: status, then mark. */
const atRest: Scenario = { name: 'at-rest', writes: 2, isIssuedBefore: true, act: async () => {}, rotates: [] };
const meanwhile = scenarios.filter(({ name }) => ['rotate-with-overlap', 'revoke', 'reissue', 'tamper'].includes(name));

/** One of two that believe to lead is stopped before each write, then the other one before none or each of its own. */
const cases: readonly Case[] = [atRest, ...meanwhile].flatMap((scenario) => {
  const places = Array.from({ length: scenario.writes }, (_, i) => i);
  return places
    .flatMap((first) => [[first], ...places.map((second) => [first, second])])
    .map((stops) => ({ scenario, stops, name: [scenario.name, ...stops].join('-') }));
});
let stage: Stage;
let faults: Readonly<Record<string, readonly string[]>> = {};

beforeAll(async () => {
  stage = await buildStageWithKeys();
  const before = await arrangeCases(stage, cases);
  await annotateKeys(stage, { [keyAnnotations.rotate]: 'once' });
  const first = await runInterrupted(stage, { after: planOf(cases, 0), patience: 5_000, signal: 'SIGSTOP' });
  const second = await runInterrupted(stage, { after: planOf(cases, 1), patience: 3_000, signal: 'SIGSTOP' });
  await first.resume();
  await second.resume();
  await waitUntilSettled(stage);
  await Promise.all([first.end(), second.end()]);
  faults = await judgeCases(stage, cases, before);
});

test.each([atRest, ...meanwhile])('$name: as if there had been one operator', ({ name }) => {
  const ours = cases.filter(({ scenario }) => scenario.name === name).map((entry) => entry.name);
  expect(Object.fromEntries(Object.entries(faults).filter(([key]) => ours.includes(key)))).toEqual({});
});

test('every newest verifier was made with the new key', async () => {
  const ring = await readRing(stage.cluster, stage.keySecret);
  expect(ring.ids).toHaveLength(2);
  for (const [name, { connection }] of await readWorlds(stage.cluster, stage.namespace))
    for (const part of parts) expect(newestVerifier(connection, part)?.key, name).toBe(ring.newest);
});
