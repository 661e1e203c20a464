import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { rotationAnnotations } from '../../src/api/names.ts';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { readValues } from './failure/find-faults.ts';
import { connectionsAt, readWorld, succeed } from './failure/read-world.ts';
import { runUntilSettled } from './failure/run-scenarios.ts';
import { age, createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStage } from './failure/stage.ts';
import { waitForLine } from './failure/wait-for-line.ts';

const shiftClock = pathToFileURL(join(import.meta.dirname, 'failure/shift-clock.ts')).href;

test('five minutes ahead it says so, acts on annotations, and leaves the schedule alone', async () => {
  const stage = await buildStage();
  const { cluster, namespace } = stage;
  const place = { cluster, namespace, name: 'erp' };
  await createFor(place, { rotation: { interval: '1h', overlap: '0s' } });
  await runUntilSettled(stage);
  await age(place, 2 * 3_600_000);
  const before = await readWorld(cluster, namespace, 'erp');
  const wrong = await startOperator({
    namespaces: [namespace],
    args: argumentsFor(stage),
    env: { NODE_OPTIONS: `--import ${shiftClock}`, CLOCK_AHEAD: String(5 * 60_000) },
  });
  await waitForLine(wrong, '"synced"');
  const told = await eventually(async () => {
    const world = await readWorld(cluster, namespace, 'erp');
    const ready = world.connection.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.message).toContain('clock is more than a minute off');
    expect(ready?.status).toBe('True');
    return world;
  });
  await sleep(2_000);
  const metrics = await (await fetch(`${wrong.admin}/metrics`)).text();
  expect(Number(/^connection_operator_clock_skew_seconds (\S+)$/m.exec(metrics)?.[1])).toBeCloseTo(300, -1);
  // What is due and may not be done is no reason to look again and again.
  expect(Number(/^connection_operator_reconciles_total\{result="done"\} (\d+)$/m.exec(metrics)?.[1])).toBeLessThan(10);
  expect(readValues(told.secret)).toEqual(readValues(before.secret));
  expect((await readWorld(cluster, namespace, 'erp')).connection.metadata.resourceVersion).toBe(
    told.connection.metadata.resourceVersion,
  );

  const annotations = { [rotationAnnotations.rotateClientSecret]: 'a' };
  await succeed(cluster, {
    method: 'PATCH',
    path: connectionsAt(namespace, 'erp'),
    body: { metadata: { annotations } },
  });
  const asked = await eventually(async () => {
    const world = await readWorld(cluster, namespace, 'erp');
    expect(world.connection.status?.rotation?.history).toMatchObject([{ part: 'clientSecret', cause: 'Requested' }]);
    return world;
  });
  expect(readValues(asked.secret).password).toBe(readValues(before.secret).password);
  await wrong.stop();

  const right = await startOperator({ namespaces: [namespace], args: argumentsFor(stage) });
  const after = await eventually(async () => {
    const world = await readWorld(cluster, namespace, 'erp');
    expect(world.connection.status?.rotation?.history).toHaveLength(2);
    // With the last of the three writes.
    const ready = world.connection.status?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.message).not.toContain('clock');
    return world;
  });
  await right.stop();
  expect(after.connection.status?.rotation?.history?.[1]).toMatchObject({ part: 'password', cause: 'Scheduled' });
});
