import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { connectClient } from './kube/connect-client.ts';
import { followConfigMaps, keepWriting, type Writer } from './kube/followed-config-maps.ts';

function writeMore(writer: Writer): Promise<void> {
  const before = writer.written;
  return eventually(() => expect(writer.written).toBeGreaterThan(before + 15));
}

let own: ControlPlane;
beforeAll(async () => {
  own = await startControlPlane({ audit: false });
});
afterAll(() => own.stop());

test('killed and started again between events, and again right after', async () => {
  const namespace = await createNamespace(own);
  const followed = await followConfigMaps(own, await connectClient(own), namespace);
  const writer = keepWriting(own, namespace);
  for (let round = 0; round < 3; round += 1) {
    await writeMore(writer);
    await own.killApiServer();
    await sleep(200);
    await own.restartApiServer();
  }
  await writeMore(writer);
  await writer.stop();
  await followed.expectComplete();
  expect(followed.counts.reconnects).toBeGreaterThanOrEqual(3);
  // It went on where it was: a restart is no reason to list, unless the API server says so.
  expect(followed.counts.lists).toBe(1 + followed.counts.gone);
});

test('what was written while only this client was cut off from it comes later', async () => {
  const namespace = await createNamespace(own);
  const client = await connectClient(own, { silence: 1_000 });
  const followed = await followConfigMaps(own, client, namespace);
  const writer = keepWriting(own, namespace);
  await writeMore(writer);
  await own.pauseApiServer();
  await eventually(() => expect(followed.watch.trouble()?.code).toBeDefined());
  const stale = followed.watch.lastAlive();
  await sleep(1_000);
  expect(followed.watch.lastAlive()).toBe(stale);
  await own.resumeApiServer();
  await writeMore(writer);
  await writer.stop();
  await followed.expectComplete();
  await eventually(() => expect(followed.watch.trouble()).toBeUndefined());
});
