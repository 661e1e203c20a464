import { expect, test } from 'vitest';
import { startOperator } from './control-plane/start-operator.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStage } from './failure/stage.ts';
import { hasWritten, waitForLine } from './failure/wait-for-line.ts';

test('after SIGKILL the one that waited leads when the Lease is over, and works', async () => {
  const stage = await buildStage();
  const { cluster, namespace } = stage;
  const start = () => startOperator({ namespaces: [namespace], args: argumentsFor(stage) });
  const leader = await start();
  await waitForLine(leader, '"synced"');
  const follower = await (await start()).ready();
  await createFor({ cluster, namespace, name: 'first' }, undefined);
  await waitUntilSettled(stage);
  expect(hasWritten(follower, '"leading"')).toBe(false);

  await leader.stop('SIGKILL');
  await createFor({ cluster, namespace, name: 'second' }, undefined);
  const killed = performance.now();
  await waitForLine(follower, '"synced"');
  // Not before: the killed one could be alive for all that anybody knows.
  expect(performance.now() - killed).toBeGreaterThan(10_000);
  await waitUntilSettled(stage);
  expect(await follower.stop()).toEqual({ code: 0, signal: null });
});
