import { beforeAll, expect, test } from 'vitest';
import { KubeError } from '../../src/kube/kube-error.ts';
import { gateWrites } from './failure/gate-writes.ts';
import { runHere } from './failure/run-here.ts';
import { arrangeCases, buildCases, judgeCases, waitUntilSettled } from './failure/run-scenarios.ts';
import { scenarios } from './failure/scenarios.ts';
import { buildStage } from './failure/stage.ts';

/** The answers to these writes of one Connection are lost: one of them, or all that there are. */
const cases = buildCases((writes) => {
  const each = Array.from({ length: writes }, (_, i) => i);
  return [...each.map((write) => [write]), each];
});
let faults: Readonly<Record<string, readonly string[]>> = {};
const lost = new Set<string>();

/** The write comes through, and the operator hears of a timeout. */
async function loseAnswer(connection: string, made: number, send: () => Promise<unknown>): Promise<never> {
  await send();
  lost.add(`${connection} ${made}`);
  throw new KubeError({ code: 'Timeout', status: 0, sentence: 'no answer from the API server in time' });
}

beforeAll(async () => {
  const stage = await buildStage();
  const before = await arrangeCases(stage, cases);
  const stops = new Map(cases.map((entry) => [entry.name, entry.stops]));
  const { stop } = await runHere({
    settings: { watchNamespaces: [stage.namespace] },
    wrap: (client) =>
      gateWrites(client, ({ connection, made }, send) =>
        stops.get(connection)?.includes(made) ? loseAnswer(connection, made, send) : send(),
      ),
  });
  await waitUntilSettled(stage);
  await stop();
  faults = await judgeCases(stage, cases, before);
});

test('every answer was lost that was meant, one write aside that needs not be made when others were', () => {
  const meant = cases.flatMap(({ name, stops }) => (stops.length === 1 ? [`${name} ${stops[0]}`] : []));
  expect(meant.filter((entry) => !lost.has(entry))).toEqual([]);
});

test.each(scenarios)('$name: as if all had been answered', ({ name }) => {
  const ours = cases.filter(({ scenario }) => scenario.name === name).map((entry) => entry.name);
  expect(Object.fromEntries(Object.entries(faults).filter(([key]) => ours.includes(key)))).toEqual({});
});
