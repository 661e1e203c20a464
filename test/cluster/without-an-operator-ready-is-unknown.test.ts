import { expect, test } from 'vitest';
import { ConnectionDesk, readyOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

test('the CRD says so, and nobody has to write it', async () => {
  const desk = new ConnectionDesk(await createNamespace());
  const created = await desk.create('erp');
  expect(created.status?.conditions).toHaveLength(1);
  expect(readyOf(created)).toMatchObject({ type: 'Ready', status: 'Unknown', reason: 'Pending' });
  expect(await areAccepted(created, { 'client-secret': 'x', password: 'x' })).toBe(false);
  expect((await desk.read('erp')).status).toEqual(created.status);
  expect(await desk.operatorWrites()).toEqual([]);

  const { kubectl } = sharedCluster();
  const { stdout } = await kubectl(['get', 'conn', 'erp', '-n', desk.namespace, '--no-headers']);
  expect(stdout.split(/ {2,}/).slice(0, 6)).toEqual(['erp', 'Connection erp', 'Source', 'false', 'Unknown', 'Pending']);
  const wait = ['wait', '--for=condition=Ready', 'conn/erp', '-n', desk.namespace, '--timeout=1s'];
  expect((await kubectl(wait)).code).not.toBe(0);
});
