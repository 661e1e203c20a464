import { expect, test } from 'vitest';
import { ScopeTakenError } from '../../src/kube/lease.ts';
import type { Scope } from '../../src/kube/lease-scope.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';
import { type Contender, enterLease, readLeases, timing } from './kube/lease-contest.ts';

async function enter(namespace: string, scope: Scope): Promise<Contender> {
  return enterLease(await connectClient(sharedCluster()), namespace, scope);
}

test.each<[string, Scope, Scope, string]>([
  ['one namespace in common', ['a', 'b'], ['b', 'c'], 'works on namespace b already'],
  ['all of it', undefined, ['a', 'b'], 'works on namespace a, b already'],
  ['a part of all', ['a', 'b'], undefined, 'works on namespace a, b already'],
])('%s: the second is refused with a sentence, the first goes on', async (_case, first, second, sentence) => {
  const namespace = await createNamespace();
  const running = await enter(namespace, first);
  await running.leading;
  const refused = await enter(namespace, second);
  await expect(refused.leading).rejects.toThrow(ScopeTakenError);
  await expect(refused.leading).rejects.toThrow(sentence);
  await expect(refused.leading).rejects.toThrow(running.lease.identity);
  expect(running.lease.isHeld()).toBe(true);
  const held = (await readLeases(sharedCluster(), namespace)).filter(({ spec }) => spec?.holderIdentity);
  expect(held.map(({ metadata }) => metadata.name)).toEqual([running.lease.name]);
});

test('with nothing in common both run', async () => {
  const namespace = await createNamespace();
  const both = [await enter(namespace, ['a']), await enter(namespace, ['b'])];
  await Promise.all(both.map(({ leading }) => leading));
  expect(both.map(({ lease }) => lease.isHeld())).toEqual([true, true]);
});

test('of two that start at once never both run, and it does not end with none', async () => {
  for (let round = 0; round < 5; round += 1) {
    const namespace = await createNamespace();
    const both = await Promise.all([enter(namespace, ['a', 'b']), enter(namespace, ['b', 'c'])]);
    const ends = await Promise.allSettled(both.map(({ leading }) => leading));
    const held = both.filter(({ lease }) => lease.isHeld());
    expect(held).toHaveLength(1);
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  }
});

test('after one that ended in order the next starts at once; after one that vanished, when its Lease no longer counts', async () => {
  const namespace = await createNamespace();
  const first = await enter(namespace, ['a']);
  await first.leading;
  await first.lease.release();
  expect((await readLeases(sharedCluster(), namespace)).map(({ spec }) => spec?.holderIdentity ?? '')).toEqual(['']);
  const second = await enter(namespace, undefined);
  await second.leading;

  second.vanish();
  const began = performance.now();
  const third = await enter(namespace, ['a', 'b']);
  await third.leading;
  expect(performance.now() - began).toBeGreaterThan(timing.duration - 2 * timing.retryPeriod);
  // It is marked as over, so that nobody waits for it again.
  const leases = await readLeases(sharedCluster(), namespace);
  expect(leases.find(({ metadata }) => metadata.name === second.lease.name)?.spec?.holderIdentity ?? '').toBe('');
});
