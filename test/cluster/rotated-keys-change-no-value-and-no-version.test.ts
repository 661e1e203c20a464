import { beforeAll, expect, test } from 'vitest';
import { keyAnnotations, parts } from '../../src/api/names.ts';
import { newestVerifier } from '../../src/credentials/accepted-verifiers.ts';
import { isAccepted, readRing, readValues } from './failure/find-faults.ts';
import { readWorlds, type World } from './failure/read-world.ts';
import { runInterrupted } from './failure/run-interrupted.ts';
import { runUntilSettled } from './failure/run-scenarios.ts';
import { createFor, scenarios } from './failure/scenarios.ts';
import { buildStageWithKeys, type Stage } from './failure/stage.ts';
import { annotateKeys, readKeyIds, readKeySecret } from './failure/write-keys.ts';

let stage: Stage;
let issued: ReadonlyMap<string, World>;
let before: ReadonlyMap<string, World>;
let after: ReadonlyMap<string, World>;
let held: readonly string[] = [];
const rotated = ['rotate-both', 'rotate-with-overlap'];

/** Some generated, one adopted, two rotated before; the operator is killed in the middle of hashing all of them anew. */
beforeAll(async () => {
  stage = await buildStageWithKeys();
  const { cluster, namespace } = stage;
  const act = (name: string) =>
    scenarios.find((scenario) => scenario.name === name)?.act({ cluster, namespace, name }) ?? Promise.reject(name);
  for (const name of ['plain', 'later']) await createFor({ cluster, namespace, name }, undefined);
  for (const { name, spec } of scenarios.filter((scenario) => rotated.includes(scenario.name)))
    await createFor({ cluster, namespace, name }, spec);
  await act('adopt');
  await runUntilSettled(stage);
  issued = await readWorlds(cluster, namespace);
  for (const name of rotated) await act(name);
  await runUntilSettled(stage);
  before = await readWorlds(cluster, namespace);

  await annotateKeys(stage, { [keyAnnotations.rotate]: 'once' });
  const after1 = { plain: 1, adopt: 1, 'rotate-with-overlap': 1, later: 0 };
  held = (await runInterrupted(stage, { after: after1, signal: 'SIGKILL' })).held;
  await runUntilSettled(stage);
  after = await readWorlds(cluster, namespace);
});

test('the operator was killed between status and mark', () => {
  expect(held).toEqual(['adopt', 'later', 'plain', 'rotate-with-overlap']);
});

test('there is one new key of each kind, and the old ones are still there', async () => {
  const ids = await readKeyIds(stage);
  expect(Object.values(ids).map((list) => list.length)).toEqual([2, 2, 2]);
});

test('every newest verifier was made with the new key', async () => {
  const ring = await readRing(stage.cluster, stage.keySecret);
  const keys = [...after.values()].flatMap(({ connection }) =>
    parts.map((part) => newestVerifier(connection, part)?.key),
  );
  expect(keys.length).toBe(2 * 5);
  expect(new Set(keys)).toEqual(new Set([ring.newest]));
});

test('values, versions, times of issue and history are those of before', () => {
  const constant = ({ connection, secret }: World) => ({
    values: readValues(secret),
    verifiers: parts.map((part) =>
      connection.status?.credentials?.[part]?.map(({ version, alg, issued: time, expires }) => ({
        version,
        alg,
        time,
        expires,
      })),
    ),
    rotation: connection.status?.rotation,
    adopted: connection.status?.credentials?.adopted,
  });
  const read = (worlds: ReadonlyMap<string, World>) => [...worlds].map(([name, world]) => [name, constant(world)]);
  expect(read(after)).toEqual(read(before));
});

test('a value in its overlap works on', async () => {
  const ring = await readRing(stage.cluster, stage.keySecret);
  const name = 'rotate-with-overlap';
  const connection = after.get(name)?.connection;
  const old = readValues(issued.get(name)?.secret);
  expect(old.password).not.toBe(readValues(after.get(name)?.secret).password);
  for (const part of parts) expect(connection && (await isAccepted(connection, ring, part, old[part]))).toBe(true);
});

test('nobody is told of anything: no event', () => {
  const read = (worlds: ReadonlyMap<string, World>) => [...worlds].map(([name, { events }]) => [name, events]);
  expect(read(after)).toEqual(read(before));
});

test('an operator that starts again makes no further keys', async () => {
  const keys = await readKeySecret(stage);
  await runUntilSettled(stage);
  expect(await readKeySecret(stage)).toEqual(keys);
});
