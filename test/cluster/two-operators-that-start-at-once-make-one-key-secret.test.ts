import { expect, test } from 'vitest';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { readWorld } from './failure/read-world.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStageWithKeys } from './failure/stage.ts';
import { readKeyIds } from './failure/write-keys.ts';

test('both work with the keys of the one that came first', async () => {
  const stage = await buildStageWithKeys();
  const { cluster, namespace, keySecret } = stage;
  const args = [...argumentsFor(stage), '--no-leader-election'];
  const operators = await Promise.all([1, 2, 3].map(() => startOperator({ namespaces: [namespace], args })));
  await Promise.all(operators.map((operator) => operator.ready()));
  await createFor({ cluster, namespace, name: 'erp' }, undefined);
  await waitUntilSettled(stage);

  const creates = (await cluster.writes()).filter(
    ({ resource, name, namespace: where, verb, code }) =>
      resource === 'secrets' &&
      where === keySecret.namespace &&
      name === keySecret.name &&
      verb === 'create' &&
      code < 300,
  );
  expect(creates).toHaveLength(1);
  expect(Object.values(await readKeyIds(stage)).map((ids) => ids.length)).toEqual([1, 1, 1]);
  // One that started with other keys would take this Connection's for lost.
  await Promise.all(operators.map((operator) => operator.stop()));
  await eventually(async () =>
    expect((await readWorld(cluster, namespace, 'erp')).events).not.toHaveProperty('CredentialsRehashed'),
  );
});
