import { expect, onTestFinished, test } from 'vitest';
import type { KubeObject } from '../../src/kube/kube-object.ts';
import { ListWatch } from '../../src/kube/list-watch.ts';
import { resourcesPath } from '../../src/kube/resource-paths.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';

/** Seconds. The API server sends bookmarks each minute and two seconds before a watch ends, if there is something new to say. */
const renewed = 6;

/** Something of the same kind in another namespace, or there would be no newer resourceVersion to tell of. */
async function createElsewhere(): Promise<void> {
  const path = resourcesPath('', 'v1', 'podtemplates', await createNamespace());
  const body = {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'other' },
    template: { spec: { containers: [{ name: 'main', image: 'none' }] } },
  };
  expect((await sharedCluster().request({ method: 'POST', path, body })).status).toBe(201);
}

test('bookmarks prove that a quiet watch lives, and its renewal costs no list', async () => {
  const namespace = await createNamespace();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  // The API server's own counts are no use here: its controllers list and watch every resource too.
  const requests = { lists: 0, reconnects: 0 };
  const watch = new ListWatch<KubeObject>(await connectClient(sharedCluster()), {
    path: resourcesPath('', 'v1', 'podtemplates', namespace),
    decode: (raw) => raw as KubeObject,
    renewEvery: renewed * 1_000,
    onList: () => requests.lists++,
    onReconnect: () => requests.reconnects++,
  });
  await watch.start(stop.signal);
  const listed = watch.lastAlive();
  // Once the watch is open: what came before is part of where it begins.
  await eventually(() => expect(watch.lastAlive()).toBeGreaterThan(listed));
  await createElsewhere();
  await eventually(() => expect(watch.lastAlive()).toBeGreaterThan(listed + 2_000), { every: 50 });
  expect(requests).toEqual({ lists: 1, reconnects: 0 });
  await eventually(() => expect(requests.reconnects).toBeGreaterThan(0), { within: 60_000 });
  expect(watch.trouble()).toBeUndefined();
  expect(requests.lists).toBe(1);
});
