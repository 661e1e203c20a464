import { describe, expect, test } from 'vitest';
import { hour, minute } from '../model/world.ts';
import { ask, counts, issue, look, readyOf } from './issued-world.ts';

describe('a schedule', () => {
  const scheduled = { spec: { rotation: { interval: '2h', overlap: '1h' } } };

  test('rotates both values when their time has come', async () => {
    const world = await issue(scheduled);
    expect(world.first.ended).toEqual({ kind: 'done', recheckIn: 2 * hour });
    world.server.now += 2 * hour;
    await look(world);
    expect(counts(world)).toEqual([2, 2]);
    expect(world.connection.status?.rotation?.password).toEqual({
      lastRotated: '2026-03-01T02:00:00.000Z',
      nextRotation: '2026-03-01T04:00:00.000Z',
    });
    expect(world.connection.status?.rotation?.history?.at(-1)?.cause).toBe('Scheduled');
  });

  test('counts from the last rotation of each value', async () => {
    const world = await issue(scheduled);
    world.server.now += hour;
    await ask(world, 'rotatePassword');
    world.server.now += hour;
    await look(world);
    const { rotation } = world.connection.status ?? {};
    expect(rotation?.clientSecret?.lastRotated).toBe('2026-03-01T02:00:00.000Z');
    expect(rotation?.password?.lastRotated).toBe('2026-03-01T01:00:00.000Z');
  });

  test('waits while the clock is off, says so, and is looked at again', async () => {
    const world = await issue(scheduled);
    world.server.now += 2 * hour;
    world.first.skew = 2 * minute;
    await look(world);
    expect(counts(world)).toEqual([1, 1]);
    expect(readyOf(world)?.message).toContain("the operator's clock is more than a minute off the API server's");
    const { ended } = world.first;
    expect(ended?.kind === 'done' && ended.recheckIn).toBeGreaterThan(1000);
    expect(ended?.kind === 'done' && ended.recheckIn).toBeLessThanOrEqual(minute);
    world.first.skew = 0;
    await look(world);
    expect(counts(world)).toEqual([2, 2]);
  });

  test('that is taken out of the spec is gone from the status', async () => {
    const world = await issue(scheduled);
    world.server.editConnection(world.key, ({ spec }) => {
      delete (spec as { rotation?: unknown }).rotation;
    });
    await look(world);
    expect(world.connection.status?.rotation?.password?.nextRotation).toBeUndefined();
    expect(world.first.ended).toEqual({ kind: 'done', recheckIn: undefined });
  });

  test('that is due while the Secret is somebody else’s is no busy loop', async () => {
    const world = await issue(scheduled);
    world.server.deleteSecret('person', world.secretKey);
    const metadata = { namespace: 'shop', name: 'erp-credentials', labels: {}, annotations: {}, ownerReferences: [] };
    world.server.createSecret('person', { apiVersion: 'v1', kind: 'Secret', metadata });
    world.server.now += 3 * hour;
    await look(world);
    expect(readyOf(world)?.reason).toBe('SecretConflict');
    const { ended } = world.first;
    expect(ended?.kind === 'done' && ended.recheckIn).toBeGreaterThan(1000);
    expect(ended?.kind === 'done' && ended.recheckIn).toBeLessThanOrEqual(10_000);
  });
});
