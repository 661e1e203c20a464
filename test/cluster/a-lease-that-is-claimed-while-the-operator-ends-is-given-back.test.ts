import { expect, test } from 'vitest';
import type { KubeClient } from '../../src/kube/kube-client.ts';
import { KubeError } from '../../src/kube/kube-error.ts';
import { Lease } from '../../src/kube/lease.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';

interface LeaseList {
  readonly items: readonly {
    readonly spec: { readonly holderIdentity?: string; readonly leaseDurationSeconds: number };
  }[];
}

/** A client whose writes come through and whose answers do not: the signal fires before they are there. */
function endBeforeTheAnswer(client: KubeClient, end: () => void): KubeClient {
  const cutOff = async (write: Promise<unknown>): Promise<never> => {
    await write;
    end();
    throw new KubeError({ code: 'Timeout', status: 0, sentence: 'broken off' });
  };
  return { ...client, create: (path, body) => cutOff(client.create(path, body)) };
}

test('so that the next one need not wait until it runs out', async () => {
  const cluster = sharedCluster();
  const namespace = await createNamespace();
  const client = await connectClient(cluster);
  const ending = new AbortController();
  const lease = new Lease(
    endBeforeTheAnswer(client, () => ending.abort()),
    {
      namespace,
      prefix: 'test',
      scope: ['a'],
      onLost: () => expect.unreachable('it was never held'),
    },
  );
  await expect(lease.acquire(ending.signal)).rejects.toThrow();
  await lease.release();

  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const { body } = await cluster.request<LeaseList>({ path });
  expect(body.items).toMatchObject([{ spec: { holderIdentity: '', leaseDurationSeconds: 1 } }]);
});
