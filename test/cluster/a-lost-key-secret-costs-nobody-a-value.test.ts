import { beforeAll, expect, test } from 'vitest';
import { parts } from '../../src/api/names.ts';
import { newestVerifier } from '../../src/credentials/accepted-verifiers.ts';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { readValues } from './failure/find-faults.ts';
import { readWorlds, type World } from './failure/read-world.ts';
import { runInterrupted } from './failure/run-interrupted.ts';
import { runUntilSettled, waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor, scenarios } from './failure/scenarios.ts';
import { argumentsFor, buildStageWithKeys, type Stage } from './failure/stage.ts';
import { deleteKeys, readKeyIds } from './failure/write-keys.ts';

let stage: Stage;
let before: ReadonlyMap<string, World>;
let after: ReadonlyMap<string, World>;
/** Place in the repair at which the operator is killed and the keys are lost again. */
const stops = { 'not-begun': 0, 'mark-left': 1, templated: 1, adopt: 1 };

beforeAll(async () => {
  stage = await buildStageWithKeys();
  const { cluster, namespace } = stage;
  const templated = scenarios.find(({ name }) => name === 'issue')?.spec;
  for (const name of ['not-begun', 'mark-left', 'done', 'later']) await createFor({ cluster, namespace, name }, {});
  await createFor({ cluster, namespace, name: 'templated' }, templated);
  await scenarios.find(({ name }) => name === 'adopt')?.act({ cluster, namespace, name: 'adopt' });
  await runUntilSettled(stage);
  before = await readWorlds(cluster, namespace);

  await deleteKeys(stage);
  await runInterrupted(stage, { after: stops, signal: 'SIGKILL' });
  await deleteKeys(stage);
  await runUntilSettled(stage);
  after = await readWorlds(cluster, namespace);
});

test('every value and version is that of before, hashed and marked with new keys', async () => {
  const ids = await readKeyIds(stage);
  expect(ids.verifier).toHaveLength(1);
  for (const [name, { connection, secret }] of before) {
    const now = after.get(name);
    expect(readValues(now?.secret), name).toEqual(readValues(secret));
    for (const part of parts) {
      const [was, is] = [connection, now?.connection].map((object) => object && newestVerifier(object, part));
      expect(is, name).toMatchObject({ version: was?.version, alg: was?.alg, issued: was?.issued });
      expect(is?.key).toBe(ids.verifier[0]);
    }
    expect(now?.connection.status?.rotation).toEqual(connection.status?.rotation);
  }
});

test('people are told by an event, once for each loss, and of nothing else', () => {
  for (const [name, { events }] of after) {
    const { CredentialsRehashed: times = 0, ...others } = events;
    expect(times, name).toBeGreaterThan(0);
    expect(times, name).toBeLessThanOrEqual(2);
    expect(others).toEqual(before.get(name)?.events);
  }
});

test('lost while an operator runs, the keys are made anew and everything is hashed again', async () => {
  const { cluster, namespace } = stage;
  const was = await readWorlds(cluster, namespace);
  const lost = await readKeyIds(stage);
  const operator = await startOperator({
    namespaces: [namespace],
    args: [...argumentsFor(stage), '--no-leader-election'],
  });
  await operator.ready();
  await deleteKeys(stage);
  await eventually(async () => expect((await readKeyIds(stage)).verifier).not.toEqual(lost.verifier));
  await waitUntilSettled(stage);
  expect(await operator.stop()).toEqual({ code: 0, signal: null });
  for (const [name, { secret }] of await readWorlds(cluster, namespace))
    expect(readValues(secret), name).toEqual(readValues(was.get(name)?.secret));
});
