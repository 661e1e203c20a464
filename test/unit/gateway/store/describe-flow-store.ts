import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { noCounts } from '../../../../src/flows/add-counts.ts';
import { hourLength, readHour } from '../../../../src/flows/utc-hour.ts';
import type { FlowBatch, FlowBucket, StoredError } from '../../../../src/gateway/store/flow-store.ts';
import { openStore } from '../../../../src/gateway/store/open-store.ts';
import type { Store } from '../../../../src/gateway/store/store.ts';

const day = 24 * hourLength;
const now = readHour(Date.now());

export function bucketOf(connection: string, hour: number, counts: Partial<FlowBucket>): FlowBucket {
  return { connection, hour, ...noCounts, ...counts };
}

export function errorOf(connection: string, at: number, message: string): StoredError {
  return { connection, id: randomUUID(), at, error: { message, route: 'PATCH /api/rest/v1/products' } };
}

/** A batch of the writer `w`. */
export function batchOf(number: number, change: Partial<FlowBatch>): FlowBatch {
  return { writer: 'w', number, buckets: [], errors: [], ...change };
}

/** What holds of flows in every store, whatever it is made of. */
export function describeFlowStore(name: string, create: () => Promise<string>): void {
  const open = async (): Promise<Store> => {
    const store = await openStore(await create());
    onTestFinished(() => store.close());
    return store;
  };

  describe(`${name}: what was moved`, () => {
    test('adds up by connection and by hour, from the hour that is asked for on', async () => {
      const store = await open();
      const [earlier, later] = [now - hourLength, now];
      await store.addFlows(
        batchOf(1, {
          buckets: [bucketOf('a', earlier, { created: 1, updated: 2 }), bucketOf('b', later, { sent: 4 })],
        }),
      );
      await store.addFlows(
        batchOf(2, { buckets: [bucketOf('a', earlier, { created: 10 }), bucketOf('a', later, { business: 3 })] }),
      );
      const sums = await store.sumConnections(['a', 'b', 'c'], earlier);
      expect([...sums].sort((x, y) => (x.connection < y.connection ? -1 : 1))).toEqual([
        { connection: 'a', created: 11, updated: 2, sent: 0, business: 3, technical: 0 },
        { connection: 'b', created: 0, updated: 0, sent: 4, business: 0, technical: 0 },
      ]);
      expect(await store.sumHours(['a', 'b'], earlier)).toEqual([
        { hour: earlier, created: 11, updated: 2, sent: 0, business: 0, technical: 0 },
        { hour: later, created: 0, updated: 0, sent: 4, business: 3, technical: 0 },
      ]);
      expect(await store.sumHours(['a'], later)).toEqual([{ hour: later, ...noCounts, business: 3 }]);
      expect(await store.sumConnections([], earlier)).toEqual([]);
    });

    test('of one batch is added once, however often it comes, and an older one never again', async () => {
      const store = await open();
      const [first, second] = [1, 2].map((number) =>
        batchOf(number, { buckets: [bucketOf('a', now, { sent: number })], errors: [errorOf('a', now, `${number}`)] }),
      ) as [FlowBatch, FlowBatch];
      for (const batch of [first, first, second, first, second]) await store.addFlows(batch);
      await store.addFlows({ ...first, writer: 'other', errors: [] });
      expect(await store.sumConnections(['a'], now)).toEqual([{ connection: 'a', ...noCounts, sent: 4 }]);
      expect(await store.listErrors('a', day, 100)).toHaveLength(2);
    });

    test('of many connections at once is all there', async () => {
      const store = await open();
      const names = Array.from({ length: 321 }, (_, i) => `c${i}`);
      await store.addFlows(
        batchOf(1, {
          buckets: names.map((name, i) => bucketOf(name, now, { sent: i })),
          errors: names.map((name) => errorOf(name, now, name)),
        }),
      );
      const sums = await store.sumConnections(names, now);
      expect(sums.reduce((sum, { sent }) => sum + sent, 0)).toBe((321 * 320) / 2);
      expect(await store.sumHours(names, now)).toEqual([{ hour: now, ...noCounts, sent: (321 * 320) / 2 }]);
      expect((await store.listErrors('c320', day, 1))[0]?.error.message).toBe('c320');
    });

    test('is all or nothing: a batch with one row that cannot be written changes nothing, and comes again', async () => {
      const store = await open();
      const error = errorOf('a', Date.now(), 'twice');
      const batch = batchOf(1, { buckets: [bucketOf('a', now, { sent: 1 })], errors: [error, error] });
      await expect(store.addFlows(batch)).rejects.toThrow();
      expect(await store.sumConnections(['a'], now)).toEqual([]);
      await store.addFlows({ ...batch, errors: [error] });
      expect(await store.sumConnections(['a'], now)).toEqual([{ connection: 'a', ...noCounts, sent: 1 }]);
    });

    test('is forgotten when it is older than is asked for', async () => {
      const store = await open();
      const buckets = [0, 1, 9, 11].map((days) => bucketOf('a', now - days * day, { sent: 1 }));
      await store.addFlows(batchOf(1, { buckets }));
      await store.purgeFlows(10 * day);
      expect((await store.sumHours(['a'], 0)).map(({ hour }) => (now - hour) / day)).toEqual([9, 1, 0]);
      // The writer is still known.
      await store.addFlows(batchOf(1, { buckets }));
      expect(await store.sumHours(['a'], 0)).toHaveLength(3);
    });
  });

  describe(`${name}: errors`, () => {
    test('are listed newest first, as far back and as many as is asked', async () => {
      const store = await open();
      const errors = [3, 1, 2, 9].map((days) => errorOf('a', Date.now() - days * day, `${days}`));
      await store.addFlows(batchOf(1, { errors: [...errors, errorOf('b', Date.now(), 'other')] }));
      const messages = async (within: number, most: number) =>
        (await store.listErrors('a', within, most)).map(({ error }) => error.message);
      expect(await messages(7 * day, 100)).toEqual(['1', '2', '3']);
      expect(await messages(7 * day, 2)).toEqual(['1', '2']);
      await store.purgeFlows(10 * day);
      expect(await messages(100 * day, 100)).toEqual(['1', '2', '3']);
    });

    test('are kept as they came, the newest hundred of each connection', async () => {
      const store = await open();
      const error = {
        message: 'O\'Reilly said "no" 😀',
        route: 'POST /api/rest/v1/products',
        product: 'a/b',
        property: 'values',
        attribute: 'name',
        locale: 'en_US',
        channel: 'print',
      };
      const began = Date.now() - hourLength;
      const errors = Array.from({ length: 130 }, (_, i) => ({ ...errorOf('a', began + i, ''), error }));
      await store.addFlows(batchOf(1, { errors }));
      await store.purgeFlows(10 * day);
      const kept = await store.listErrors('a', day, 1_000);
      expect(kept).toHaveLength(100);
      expect(kept[0]).toEqual({ ...errors[129] });
      expect(kept.at(-1)?.at).toBe(began + 30);
    });
  });

  test(`${name}: warnings of all connections are listed, newest first`, async () => {
    const store = await open();
    const at = Date.now() - 1_000;
    await store.recordWarning({ connection: 'a', kind: 'otherUsername', detail: 'x', at }, 0);
    await store.recordWarning({ connection: 'b', kind: 'retiredValue', detail: 'y', at: at + 1 }, 0);
    await store.recordWarning({ connection: 'c', kind: 'retiredValue', detail: 'y', at: at - 9 * day }, 0);
    expect((await store.listAllWarnings(7 * day)).map(({ connection }) => connection)).toEqual(['b', 'a']);
  });
}
