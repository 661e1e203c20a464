import { expect, test } from 'vitest';
import { startOperator } from './control-plane/start-operator.ts';
import { createAccount } from './failure/create-account.ts';
import { readWorld } from './failure/read-world.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStage } from './failure/stage.ts';
import { waitForLine } from './failure/wait-for-line.ts';

// As it is for a moment with every API server that has just started and has not read its roles.
test('it is in the log, and the Connection waits as if the API server were away', async () => {
  const stage = await buildStage();
  const { cluster, namespace } = stage;
  const account = await createAccount(stage, ['get', 'list', 'watch']);
  const operator = await startOperator({
    namespaces: [namespace],
    args: [...argumentsFor(stage), '--no-leader-election'],
    kubeconfig: account.kubeconfig,
  });
  await waitForLine(operator, '"synced"');
  await createFor({ cluster, namespace, name: 'erp' }, undefined);
  await waitForLine(operator, 'cannot create resource');
  const waiting = await readWorld(cluster, namespace, 'erp');
  expect(waiting.connection.status?.conditions).toMatchObject([{ type: 'Ready', reason: 'Pending' }]);

  await account.grant({ apiGroups: [''], resources: ['secrets'], verbs: ['create', 'update', 'delete'] });
  await waitUntilSettled(stage);
  await operator.stop();
  expect((await readWorld(cluster, namespace, 'erp')).events).toEqual({ Issued: 1 });
});
