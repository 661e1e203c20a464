import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ageCredentials } from './connections/age-credentials.ts';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

/** How often the operator looked at a Connection. */
async function countLooks(): Promise<number> {
  const text = await (await fetch(`${scene.operator.admin}/metrics`)).text();
  const counts = text.matchAll(/^connection_operator_reconciles_total\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

test('before the first issue; after it went, the Connection is issued', async () => {
  const { desk } = scene;
  const before = await desk.createSecret({ metadata: { name: 'erp-credentials' }, stringData: { password: 'theirs' } });
  await desk.create('erp');
  const waiting = await desk.waitFor('erp', 'SecretConflict');
  expect(readyOf(waiting)).toMatchObject({ status: 'False' });
  expect(readyOf(waiting).message).toContain(
    'Secret erp-credentials was not written by this operator and is left alone',
  );
  expect(readyOf(waiting).message).toContain('connect.pim.dev/adopt: erp');
  expect(conditionOf(waiting, 'Stalled')).toMatchObject({ status: 'True', reason: 'SecretConflict' });
  await eventually(async () => {
    expect((await desk.events('erp')).map(({ type, reason }) => ({ type, reason }))).toEqual([
      { type: 'Warning', reason: 'SecretConflict' },
    ]);
  });
  expect(await desk.secret('erp-credentials')).toEqual(before);

  await desk.deleteSecret('erp-credentials');
  // Nothing tells the operator: it looks again by itself.
  const issued = await desk.waitFor('erp', 'Issued');
  expect(conditionOf(issued, 'Stalled')).toBeUndefined();
  expect(await areAccepted(issued, await desk.texts('erp-credentials'))).toBe(true);
});

test('in the place of ours after it: what was issued stays valid, and a rotation that is due does not go round', async () => {
  const { desk } = scene;
  const issued = await desk.issue('shop', { rotation: { interval: '1h', overlap: '0s' } });
  const texts = await desk.texts('shop-credentials');
  await scene.stop();
  await desk.deleteSecret('shop-credentials');
  const foreign = await desk.createSecret({
    metadata: { name: 'shop-credentials' },
    stringData: { password: 'theirs' },
  });
  await ageCredentials(desk, 'shop', 2 * 3_600_000);
  await scene.start();

  const conflict = await desk.waitFor('shop', 'SecretConflict');
  expect(readyOf(conflict).message).toContain('What was issued before stays valid');
  expect(conflict.status?.clientId).toBe(issued.status?.clientId);
  expect(await areAccepted(conflict, texts)).toBe(true);
  const looks = await countLooks();
  await sleep(1_000);
  expect(await countLooks()).toBeLessThan(looks + 5);
  expect(await desk.secret('shop-credentials')).toEqual(foreign);

  await desk.deleteSecret('shop-credentials');
  await desk.patch('shop', { metadata: { labels: { looked: 'at' } } });
  const reissued = await desk.waitFor('shop', 'Issued');
  const after = await desk.texts('shop-credentials');
  expect(await areAccepted(reissued, after)).toBe(true);
  expect(await areAccepted(reissued, texts)).toBe(false);
  expect(after).toMatchObject({ 'client-id': texts['client-id'], username: texts.username });
});

test('the Secret of another Connection is foreign', async () => {
  const { desk } = scene;
  await desk.issue('owner', { secret: { name: 'shared' } });
  const before = await desk.secret('shared');
  await desk.create('late-comer', { secret: { name: 'shared' } });
  await desk.waitFor('late-comer', 'SecretConflict');
  expect(await desk.secret('shared')).toEqual(before);
  expect(await areAccepted(await desk.read('owner'), await desk.texts('shared'))).toBe(true);
});
