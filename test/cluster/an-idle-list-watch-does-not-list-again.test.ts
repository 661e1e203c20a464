import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { KubeObject } from '../../src/kube/kube-object.ts';
import { ListWatch } from '../../src/kube/list-watch.ts';
import { resourcesPath } from '../../src/kube/resource-paths.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';

/** Requests that the API server counted for a resource that nobody else here uses. */
async function countRequests(): Promise<Record<string, number>> {
  const { body } = await sharedCluster().request<string>({ path: '/metrics' });
  const counts: Record<string, number> = { LIST: 0, WATCH: 0 };
  for (const line of String(body).split('\n')) {
    const match = /^apiserver_request_total\{.*resource="podtemplates".*verb="(\w+)".*\} (\S+)$/.exec(line);
    if (match?.[1] !== undefined) counts[match[1]] = (counts[match[1]] ?? 0) + Number(match[2]);
  }
  return counts;
}

test('for more than a minute: no list, no new watch, and bookmarks prove that it lives', async () => {
  const namespace = await createNamespace();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const watch = new ListWatch<KubeObject>(await connectClient(sharedCluster()), {
    path: resourcesPath('', 'v1', 'podtemplates', namespace),
    decode: (raw) => raw as KubeObject,
  });
  const before = await countRequests();
  await watch.start(stop.signal);
  const listed = watch.lastAlive();
  await sleep(75_000);
  expect(watch.lastAlive()).toBeGreaterThan(listed + 30_000);
  const after = await countRequests();
  expect((after.LIST ?? 0) - (before.LIST ?? 0)).toBeLessThanOrEqual(1);
  expect((after.WATCH ?? 0) - (before.WATCH ?? 0)).toBeLessThanOrEqual(1);
});
