import { expect, test } from 'vitest';
import { keyAnnotations } from '../../src/api/names.ts';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { readValues } from './failure/find-faults.ts';
import { readWorld } from './failure/read-world.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStageWithKeys } from './failure/stage.ts';
import { annotateKeys, readKeyIds, readKeySecret } from './failure/write-keys.ts';

test('revoke-keys leaves one new signing and session key, and every value as it was', async () => {
  const stage = await buildStageWithKeys();
  const { cluster, namespace } = stage;
  await createFor({ cluster, namespace, name: 'erp' }, undefined);
  const operator = await (
    await startOperator({ namespaces: [namespace], args: [...argumentsFor(stage), '--no-leader-election'] })
  ).ready();
  await waitUntilSettled(stage);
  const [first, issued] = [await readKeyIds(stage), await readWorld(cluster, namespace, 'erp')];

  await annotateKeys(stage, { [keyAnnotations.rotate]: 'a' });
  await eventually(async () => expect((await readKeyIds(stage)).signing).toHaveLength(2));
  await annotateKeys(stage, { [keyAnnotations.revoke]: 'stolen' });
  const revoked = await eventually(async () => {
    const ids = await readKeyIds(stage);
    expect(ids.signing).toHaveLength(1);
    return ids;
  });
  expect(revoked.session).toHaveLength(1);
  expect(first.signing).not.toContain(revoked.signing[0]);
  expect(first.session).not.toContain(revoked.session[0]);
  // Verifiers in the status say nothing to a thief who does not know their values: they are hashed anew.
  expect(revoked.verifier.length).toBe(3);

  await waitUntilSettled(stage);
  const after = await readWorld(cluster, namespace, 'erp');
  expect(readValues(after.secret)).toEqual(readValues(issued.secret));
  const keys = await readKeySecret(stage);
  await operator.stop();

  const again = await (
    await startOperator({ namespaces: [namespace], args: [...argumentsFor(stage), '--no-leader-election'] })
  ).ready();
  await waitUntilSettled(stage);
  await again.stop();
  expect(await readKeySecret(stage)).toEqual(keys);
});
