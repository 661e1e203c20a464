import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyAnnotations, rotationAnnotations } from '../../src/api/names.ts';
import { eventually } from './control-plane/eventually.ts';
import { connectionsAt, readWorld, succeed } from './failure/read-world.ts';
import { type OperatorHere, runHere } from './failure/run-here.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { buildStage, type Stage } from './failure/stage.ts';
import { type OwnCluster, startOwnCluster } from './failure/start-own-cluster.ts';
import { annotateKeys, readKeyIds } from './failure/write-keys.ts';

const day = 24 * 3_600_000;
let own: OwnCluster;
let stage: Stage;
let here: OperatorHere | undefined;

beforeAll(async () => {
  own = await startOwnCluster();
  stage = await buildStage(own.cluster);
});
afterAll(async () => {
  await here?.stop();
  await own?.cluster.stop();
});

/** Only who watches all namespaces knows that nobody needs a key. */
async function runAhead(ahead: number): Promise<void> {
  await here?.stop();
  here = await runHere({ settings: {}, kubeconfig: own.kubeconfig, ahead });
}

/** Makes the operator look at its keys, which it otherwise does every few minutes. */
async function touchKeys(token: string): Promise<void> {
  await annotateKeys(stage, { 'example.com/touched': token });
}

test('a key that a retired value was hashed with stays for as long as that is remembered', async () => {
  const { cluster, namespace } = stage;
  await runAhead(0);
  await createFor({ cluster, namespace, name: 'erp' }, undefined);
  await createFor({ cluster, namespace, name: 'dam' }, undefined);
  await waitUntilSettled(stage);
  const annotations = { [rotationAnnotations.rotate]: 'a' };
  await succeed(cluster, {
    method: 'PATCH',
    path: connectionsAt(namespace, 'erp'),
    body: { metadata: { annotations } },
  });
  await eventually(async () => {
    const { connection } = await readWorld(cluster, namespace, 'erp');
    expect(connection.status?.credentials?.retired?.password).toHaveLength(1);
  });
  const [first] = (await readKeyIds(stage)).verifier;
  await annotateKeys(stage, { [keyAnnotations.rotate]: 'a' });
  await eventually(async () => expect((await readKeyIds(stage)).verifier).toHaveLength(2));
  await waitUntilSettled(stage);

  await runAhead(8 * day);
  // Makes it look at all keys, and shows when it has.
  await annotateKeys(stage, { [keyAnnotations.rotate]: 'b' });
  const ids = await eventually(async () => {
    const now = await readKeyIds(stage);
    expect(now.verifier).toHaveLength(3);
    return now;
  });
  expect(ids.verifier[0]).toBe(first);
  // Tokens live shorter than a week, refresh tokens two.
  expect(ids.signing).toHaveLength(2);
  expect(ids.session).toHaveLength(3);
  await waitUntilSettled(stage);
});

test('it goes with the last Connection that names it', async () => {
  const { cluster, namespace } = stage;
  await succeed(cluster, { method: 'DELETE', path: connectionsAt(namespace, 'erp') });
  const before = await readKeyIds(stage);
  await eventually(async () => {
    await touchKeys(crypto.randomUUID());
    expect((await readKeyIds(stage)).verifier).toEqual(before.verifier.slice(1));
  });
  await waitUntilSettled(stage);
});
