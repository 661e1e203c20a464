import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { hasWritten, waitForLine } from './failure/wait-for-line.ts';

const cluster = sharedCluster();

/** Leases that say something about this namespace. */
async function countLeases(namespace: string): Promise<number> {
  const path = '/apis/coordination.k8s.io/v1/namespaces/connection-system/leases';
  const { body } = await cluster.request<{ items: object[] }>({ path });
  return body.items.filter((lease) => JSON.stringify(lease).includes(namespace)).length;
}

test('an operator whose namespaces overlap another one’s is refused with a sentence, exit code 1', async () => {
  const [a, b, c] = [await createNamespace(), await createNamespace(), await createNamespace()];
  const first = await startOperator({ namespaces: [a, b] });
  await waitForLine(first, '"synced"');

  const second = await startOperator({ namespaces: [b, c] });
  expect(await second.exited).toEqual({ code: 1, signal: null });
  const sentence = second.lines.at(-1);
  expect(sentence).toContain(`works on namespace ${b} already: a namespace belongs to one operator`);
  expect(sentence).not.toContain(a);

  const all = await startOperator({ namespaces: 'all' });
  expect(await all.exited).toEqual({ code: 1, signal: null });
  expect(all.lines.at(-1)).toContain('a namespace belongs to one operator');

  const apart = await startOperator({ namespaces: [c] });
  await waitForLine(apart, '"synced"');
  expect(hasWritten(first, 'is lost')).toBe(false);
  expect(await Promise.all([first.stop(), apart.stop()])).toEqual(Array(2).fill({ code: 0, signal: null }));
});

test('one with the same namespaces waits, in any order of their names, and ends in order while it waits', async () => {
  const [a, b] = [await createNamespace(), await createNamespace()];
  const first = await startOperator({ namespaces: [a, b] });
  await waitForLine(first, '"synced"');
  const second = await (await startOperator({ namespaces: [b, a] })).ready();
  await sleep(3_000);
  expect(hasWritten(second, '"leading"')).toBe(false);
  expect(await second.stop()).toEqual({ code: 0, signal: null });
  expect(await first.stop()).toEqual({ code: 0, signal: null });
});

test('with --no-leader-election it asks nobody and leaves no Lease', async () => {
  const namespace = await createNamespace();
  const led = await startOperator({ namespaces: [namespace] });
  await waitForLine(led, '"synced"');
  expect(await countLeases(namespace)).toBe(1);
  const other = await createNamespace();
  const free = await startOperator({
    namespaces: [namespace, other],
    args: ['--no-leader-election'],
  });
  await waitForLine(free, '"synced"');
  expect(await free.stop()).toEqual({ code: 0, signal: null });
  expect([await countLeases(namespace), await countLeases(other)]).toEqual([1, 0]);
  await led.stop();
});
