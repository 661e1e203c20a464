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
  let lists = 0;
  /** Milliseconds since the last proof of life, each time that a watch ended in order. */
  const ages: number[] = [];
  const watch: ListWatch<KubeObject> = new ListWatch(await connectClient(sharedCluster()), {
    path: resourcesPath('', 'v1', 'podtemplates', namespace),
    decode: (raw) => raw as KubeObject,
    renewEvery: renewed * 1_000,
    onList: () => lists++,
    onReconnect: (error) => ages.push(error === undefined ? performance.now() - watch.lastAlive() : Number.NaN),
  });
  await watch.start(stop.signal);
  const listed = watch.lastAlive();
  // Once the watch is open: what came before is part of where it begins.
  await eventually(() => expect(watch.lastAlive()).toBeGreaterThan(listed));
  await eventually(
    async () => {
      const before = ages.length;
      await createElsewhere();
      await eventually(() => expect(ages.length).toBeGreaterThan(before));
      // Without a bookmark it would be as old as the watch.
      expect(Math.min(...ages)).toBeLessThan((renewed - 1) * 1_000);
    },
    { within: 120_000 },
  );
  expect(ages).not.toContain(Number.NaN);
  expect(watch.trouble()).toBeUndefined();
  expect(lists).toBe(1);
});
