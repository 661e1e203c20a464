import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { KubeClient } from '../../src/kube/kube-client.ts';
import { KubeError } from '../../src/kube/kube-error.ts';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { createAccount } from './failure/create-account.ts';
import { secretsAt } from './failure/read-world.ts';
import { startHere } from './failure/run-here.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStageWithKeys, type Stage } from './failure/stage.ts';

async function isThere({ cluster, keySecret }: Stage): Promise<boolean> {
  return (await cluster.request({ path: secretsAt(keySecret.namespace, keySecret.name) })).status === 200;
}

/** A Connection that waits, and time in which keys could have been made. */
async function expectNothing(stage: Stage): Promise<void> {
  await sleep(2_000);
  expect(await isThere(stage)).toBe(false);
}

test('an answer 403 is no answer', async () => {
  const stage = await buildStageWithKeys();
  const { cluster, namespace } = stage;
  const account = await createAccount(stage, ['list', 'watch', 'create', 'update', 'delete']);
  await createFor({ cluster, namespace, name: 'erp' }, undefined);
  const operator = await startOperator({
    namespaces: [namespace],
    args: [...argumentsFor(stage), '--no-leader-election'],
    kubeconfig: account.kubeconfig,
  });
  await eventually(() => expect(operator.lines.join('\n')).toContain('the key Secret could not be looked after'));
  await expectNothing(stage);
  expect((await fetch(`${operator.admin}/readyz`)).status).toBe(503);

  await account.grant({ apiGroups: [''], resources: ['secrets'], verbs: ['get'] });
  await waitUntilSettled(stage);
  await operator.stop();
});

test('nor is a timeout', async () => {
  const stage = await buildStageWithKeys();
  const { cluster, namespace, keySecret } = stage;
  await createFor({ cluster, namespace, name: 'erp' }, undefined);
  let isAway = true;
  let asked = 0;
  const wrap = (client: KubeClient): KubeClient => ({
    ...client,
    get: (path, call) => {
      if (!isAway || path !== secretsAt(keySecret.namespace, keySecret.name)) return client.get(path, call);
      asked += 1;
      return Promise.reject(new KubeError({ code: 'Timeout', status: 0, sentence: 'no answer in time' }));
    },
  });
  const { stop } = await startHere({ settings: { watchNamespaces: [namespace], keySecret }, wrap });
  await expectNothing(stage);
  expect(asked).toBeGreaterThan(1);

  isAway = false;
  await waitUntilSettled(stage);
  await stop();
});
