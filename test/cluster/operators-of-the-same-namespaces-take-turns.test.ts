import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startRelay } from '../unit/kube/scripted/start-relay.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';
import { type Contender, enterLease, readLeases, timing } from './kube/lease-contest.ts';

const scope = ['team-a', 'team-b'];

async function enter(namespace: string, namespaces: readonly string[] = scope): Promise<Contender> {
  return enterLease(await connectClient(sharedCluster()), namespace, namespaces);
}

test('one of three leads, and who waits takes over at once when it stops', async () => {
  const namespace = await createNamespace();
  const all = [await enter(namespace), await enter(namespace, ['team-b', 'team-a']), await enter(namespace)];
  for (let left = 3; left > 0; left -= 1) {
    const leading = await eventually(() => {
      const held = all.filter(({ lease }) => lease.isHeld());
      expect(held).toHaveLength(1);
      return held[0] as Contender;
    });
    const leases = await readLeases(sharedCluster(), namespace);
    expect(leases.map(({ spec }) => spec?.holderIdentity)).toEqual([leading.lease.identity]);
    await leading.lease.release();
    all.splice(all.indexOf(leading), 1);
  }
  const [free] = await readLeases(sharedCluster(), namespace);
  expect(free?.spec?.holderIdentity ?? '').toBe('');
});

test('a leader that vanishes is waited for as long as its Lease counts, then replaced', async () => {
  const namespace = await createNamespace();
  const first = await enter(namespace);
  await first.leading;
  const second = await enter(namespace);
  first.vanish();
  const began = performance.now();
  await second.leading;
  expect(performance.now() - began).toBeGreaterThan(timing.duration - 2 * timing.retryPeriod);
  // The first was told nothing, and knows all the same.
  expect(first.lease.isHeld()).toBe(false);
  const [lease] = await readLeases(sharedCluster(), namespace);
  expect(lease?.spec).toMatchObject({ holderIdentity: second.lease.identity, leaseTransitions: 1 });
});

test('a leader that is cut off gives up before anybody else can lead', async () => {
  const namespace = await createNamespace();
  const relay = await startRelay(sharedCluster().url);
  onTestFinished(() => relay.stop());
  const first = enterLease(await connectClient(sharedCluster(), { server: relay.url }), namespace, scope);
  await first.leading;
  const second = await enter(namespace);
  relay.cut();
  let both = false;
  const watching = setInterval(() => {
    both ||= first.lease.isHeld() && second.lease.isHeld();
  }, 5);
  onTestFinished(() => clearInterval(watching));
  await second.leading;
  expect(both).toBe(false);
  await eventually(() => expect(first.lost).toHaveLength(1));
  expect(first.lost[0]).toContain('could not be renewed in time');
});

test('a leader whose Lease somebody else took or deleted gives up at its next renewal', async () => {
  for (const how of ['taken', 'deleted']) {
    const namespace = await createNamespace();
    const leader = await enter(namespace);
    await leader.leading;
    const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${leader.lease.name}`;
    const answer =
      how === 'taken'
        ? await sharedCluster().request({ method: 'PATCH', path, body: { spec: { holderIdentity: 'somebody' } } })
        : await sharedCluster().request({ method: 'DELETE', path });
    expect(answer.status).toBe(200);
    await eventually(() => expect(leader.lost).toHaveLength(1));
    expect(leader.lease.isHeld()).toBe(false);
  }
});

test('a label or annotation that somebody puts on the Lease does not end a leadership', async () => {
  const namespace = await createNamespace();
  const leader = await enter(namespace);
  await leader.leading;
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${leader.lease.name}`;
  await sharedCluster().request({ method: 'PATCH', path, body: { metadata: { labels: { seen: 'yes' } } } });
  await sleep(timing.duration + 500);
  expect(leader.lease.isHeld()).toBe(true);
  expect(leader.lost).toEqual([]);
  const [lease] = await readLeases(sharedCluster(), namespace);
  expect(lease?.metadata.labels).toMatchObject({ seen: 'yes' });
});
