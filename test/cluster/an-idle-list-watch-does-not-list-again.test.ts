import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { KubeObject } from '../../src/kube/kube-object.ts';
import { ListWatch } from '../../src/kube/list-watch.ts';
import { resourcesPath } from '../../src/kube/resource-paths.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';

test('for more than a minute: no list, no new watch, and bookmarks prove that it lives', async () => {
  const namespace = await createNamespace();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  // The API server's own counts are no use here: its controllers list and watch every resource too.
  const requests = { lists: 0, reconnects: 0 };
  const watch = new ListWatch<KubeObject>(await connectClient(sharedCluster()), {
    path: resourcesPath('', 'v1', 'podtemplates', namespace),
    decode: (raw) => raw as KubeObject,
    onList: () => requests.lists++,
    onReconnect: () => requests.reconnects++,
  });
  await watch.start(stop.signal);
  const listed = watch.lastAlive();
  await sleep(75_000);
  expect(watch.lastAlive()).toBeGreaterThan(listed + 30_000);
  expect(requests).toEqual({ lists: 1, reconnects: 0 });
});
