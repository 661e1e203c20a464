import { afterAll, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

let own: ControlPlane | undefined;
afterAll(async () => own?.stop());

test('a second control plane shares nothing with the first', async () => {
  own = await startControlPlane();
  const theirs = await createNamespace(sharedCluster());
  const ours = await createNamespace(own);

  const names = async (cluster: Pick<ControlPlane, 'kubectl'>): Promise<string> =>
    (await cluster.kubectl(['get', 'namespaces', '-o', 'name'])).stdout;
  expect(await names(own)).toContain(ours);
  expect(await names(own)).not.toContain(theirs);
  expect(await names(sharedCluster())).toContain(theirs);
  expect(await names(sharedCluster())).not.toContain(ours);
});
