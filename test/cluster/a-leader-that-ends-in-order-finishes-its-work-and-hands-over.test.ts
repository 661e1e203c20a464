import { expect, test } from 'vitest';
import { rotationAnnotations } from '../../src/api/names.ts';
import type { RunningProgram } from '../../tools/start-program.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { findFaults, readRing } from './failure/find-faults.ts';
import { connectionsAt, readWorlds, succeed } from './failure/read-world.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStage, type Stage } from './failure/stage.ts';
import { hasWritten, waitForLine } from './failure/wait-for-line.ts';

const names = Array.from({ length: 100 }, (_, i) => `erp-${i}`);

async function start(stage: Stage) {
  return startOperator({ namespaces: [stage.namespace], args: [...argumentsFor(stage), '--workers', '4'] });
}

/** Who holds the Lease that this operator led with; empty: nobody. */
async function readHolder({ lines }: RunningProgram): Promise<string> {
  const line = lines.find((text) => text.includes('"leading"')) ?? '{}';
  const { lease } = JSON.parse(line) as { readonly lease?: string };
  const path = `/apis/coordination.k8s.io/v1/namespaces/connection-system/leases/${lease}`;
  const { spec } = await succeed<{ spec?: { holderIdentity?: string } }>(sharedCluster(), { path });
  return spec?.holderIdentity ?? '';
}

test('on SIGTERM no rotation is left half done, and the one that waited leads at once', async () => {
  const stage = await buildStage();
  const { cluster, namespace } = stage;
  await Promise.all(names.map((name) => createFor({ cluster, namespace, name }, undefined)));
  const leader = await start(stage);
  await waitUntilSettled(stage);
  const follower = await (await start(stage)).ready();

  const body = { metadata: { annotations: { [rotationAnnotations.rotate]: 'a' } } };
  const path = (name: string): string => connectionsAt(namespace, name);
  await Promise.all(names.map((name) => succeed(cluster, { method: 'PATCH', path: path(name), body })));
  const holder = await readHolder(leader);
  expect(holder).not.toBe('');
  expect(await leader.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(hasWritten(follower, '"synced"')).toBe(false);

  // A rotation that was not begun stops the old values; one that was begun is done.
  const ring = await readRing(cluster, stage.keySecret);
  const worlds = [...(await readWorlds(cluster, namespace)).values()];
  const begun = worlds.filter(({ connection }) => connection.status?.rotation?.handled !== undefined);
  for (const world of begun) expect(await findFaults(world, ring)).toEqual([]);
  expect(begun.length, 'SIGTERM came after everything was done').toBeLessThan(names.length);

  // Given back: nobody waits until it no longer counts.
  expect(await readHolder(leader)).not.toBe(holder);
  await waitForLine(follower, '"synced"');
  await waitUntilSettled(stage);
  await eventually(async () => {
    for (const [name, { connection }] of await readWorlds(cluster, namespace))
      expect(connection.status?.rotation?.history, name).toHaveLength(2);
  });
  expect(await follower.stop()).toEqual({ code: 0, signal: null });
});
