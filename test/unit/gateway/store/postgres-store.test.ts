import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readHour } from '../../../../src/flows/utc-hour.ts';
import { openStore } from '../../../../src/gateway/store/open-store.ts';
import { openPostgres } from '../../../../src/gateway/store/postgres-database.ts';
import { type Store, StoreError } from '../../../../src/gateway/store/store.ts';
import { RevocationList } from '../../../../src/gateway/token/revocation-list.ts';
import { batchOf, bucketOf, describeFlowStore } from './describe-flow-store.ts';
import { describeStore, holdStore, refreshOf } from './describe-store.ts';
import { TestPostgres } from './start-postgres.ts';

const day = 86_400_000;
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await TestPostgres.start();
}, 120_000);
afterAll(() => postgres?.stop(), 30_000);

async function open(address: string): Promise<Store> {
  const store = await openStore(address);
  onTestFinished(() => store.close());
  return store;
}

describeStore('PostgreSQL', {
  create: () => postgres.createDatabase(),
  open: openPostgres,
  prepare: async (address, statements) => {
    for (const statement of statements) await postgres.query(statement, address);
  },
  buildVersion: (version) => [
    'CREATE TABLE IF NOT EXISTS connection_schema (version INTEGER NOT NULL)',
    'DELETE FROM connection_schema',
    `INSERT INTO connection_schema (version) VALUES (${version})`,
  ],
});

describeFlowStore('PostgreSQL', () => postgres.createDatabase());

describe('several gateways on one PostgreSQL', () => {
  test('a refresh token presented 1,000 times at once, to two of them, is taken once', async () => {
    const address = await postgres.createDatabase();
    const stores = [await open(address), await open(address)];
    const takes = Array.from({ length: 1_000 }, (_, i) =>
      stores[i % 2]?.takeRefresh(refreshOf('a', 1), Date.now() + day),
    );
    expect((await Promise.all(takes)).filter((isTaken) => isTaken)).toHaveLength(1);
  }, 60_000);

  test('1,000 tokens, each presented to two of them at once: one each', async () => {
    const address = await postgres.createDatabase();
    const [one, two] = [await open(address), await open(address)];
    let taken = 0;
    for (let number = 1; number <= 250; number++) {
      const races = ['a', 'b', 'c', 'd'].map(async (session) => {
        const refresh = refreshOf(session, number);
        const results = await Promise.all([
          one.takeRefresh(refresh, Date.now() + day),
          two.takeRefresh(refresh, Date.now() + day),
        ]);
        return results.filter((isTaken) => isTaken).length;
      });
      const winners = await Promise.all(races);
      expect(winners).toEqual([1, 1, 1, 1]);
      taken += winners.length;
    }
    expect(taken).toBe(1_000);
  }, 120_000);

  test('processes of their own race for the same tokens', async () => {
    const address = await postgres.createDatabase();
    await (await openStore(address)).close();
    const steps = Array.from({ length: 50 }, (_, i) => `a:${i + 1}`);
    const programs = await Promise.all([holdStore(address, ...steps), holdStore(address, ...steps)]);
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
    const [one = [], two = []] = programs.map(({ lines }) => lines.slice(1));
    expect(one.length + two.length).toBe(100);
    const winners = steps.map((_, i) => [one[i], two[i]].filter((line) => line === 'taken').length);
    expect(winners.every((count) => count <= 1)).toBe(true);
    expect(winners[0]).toBe(1);
  }, 60_000);

  test('taking and revoking at once: never taken after the revocation was answered', async () => {
    const address = await postgres.createDatabase();
    const [one, two] = [await open(address), await open(address)];
    for (let i = 0; i < 100; i++) {
      const session = `s${i}`;
      await Promise.all([
        one.takeRefresh(refreshOf(session, 1), Date.now() + day),
        two.revokeSession(session, Date.now() + day),
      ]);
      expect(await one.takeRefresh(refreshOf(session, 2), Date.now() + day)).toBe(false);
    }
  }, 60_000);

  test('add to the same hours at once, over and over, and nothing is lost or waits for each other', async () => {
    const address = await postgres.createDatabase();
    const stores = [await open(address), await open(address), await open(address)];
    const hour = readHour(Date.now());
    const names = Array.from({ length: 120 }, (_, i) => `c${String(i).padStart(3, '0')}`);
    const batches = stores.map((store, at) =>
      (async () => {
        for (let number = 1; number <= 20; number++) {
          const buckets = names.map((name) => bucketOf(name, hour, { sent: 1 }));
          const batch = batchOf(number, { writer: `w${at}`, buckets });
          // Also twice at once, as when an answer was lost.
          await Promise.all([store.addFlows(batch), store.addFlows(batch)]);
        }
      })(),
    );
    await Promise.all(batches);
    const sums = await stores[0]?.sumConnections(names, hour);
    expect(sums).toHaveLength(120);
    expect(sums?.every(({ sent }) => sent === 60)).toBe(true);
  }, 60_000);

  test('start at once on an empty database', async () => {
    const address = await postgres.createDatabase();
    const opened = await Promise.all([...Array(6)].map(() => openStore(address)));
    expect(await opened[0]?.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(true);
    expect(await opened[5]?.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(false);
    await Promise.all(opened.map((store) => store.close()));
  });

  test('purging at once does no harm', async () => {
    const address = await postgres.createDatabase();
    const stores = [await open(address), await open(address)];
    await postgres.query(
      "INSERT INTO connection_sessions (id, used, expires) SELECT 'old' || i, 1, 1 FROM generate_series(1, 12000) AS i",
      address,
    );
    await Promise.allSettled(stores.map((store) => store.purge()));
    await stores[0]?.purge();
    expect(await postgres.query('SELECT count(*)::int AS left FROM connection_sessions', address)).toEqual([
      { left: 0 },
    ]);
  }, 60_000);

  test('a revocation is known to the other one within two seconds', async () => {
    const address = await postgres.createDatabase();
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const [here, there] = [
      new RevocationList(await open(address), Date.now),
      new RevocationList(await open(address), Date.now),
    ];
    await Promise.all([here, there].map((list) => list.start(stop.signal, () => {})));
    for (let i = 0; i < 3; i++) {
      await here.revokeToken(`token${i}`, Date.now() + day);
      expect(here.has(`token${i}`)).toBe(true);
      await expect.poll(() => there.has(`token${i}`), { timeout: 2_000, interval: 20 }).toBe(true);
    }
  }, 30_000);

  test('a revocation that was slow to commit is found, though later ones were listed meanwhile', async () => {
    const address = await postgres.createDatabase();
    const store = await open(address);
    const slow = await postgres.connect(address);
    await slow.query('BEGIN');
    await slow.query(
      `INSERT INTO connection_revoked_tokens (id, expires, revoked_at)
       VALUES ('slow', ${Date.now() + day}, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT))`,
    );
    await sleep(1_500);
    await store.revokeToken('quick', Date.now() + day);
    const listed = await store.listRevoked(0);
    expect(listed.map(({ id }) => id)).toEqual(['quick']);
    await slow.query('COMMIT');
    await slow.end();
    const next = await store.listRevoked(Math.max(...listed.map(({ at }) => at)));
    expect(next.map(({ id }) => id)).toContain('slow');
  });

  test('the clock of a gateway says nothing: what it calls long past is purged by nobody', async () => {
    const address = await postgres.createDatabase();
    const store = await open(address);
    await store.takeRefresh(refreshOf('a', 1), Date.now() + day);
    const clock = Date.now;
    onTestFinished(() => {
      Date.now = clock;
    });
    Date.now = () => clock() + 365 * day;
    await store.purge();
    Date.now = clock;
    expect(await store.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(false);
  });
});

describe('a PostgreSQL that is away', () => {
  test('rejects with StoreError, soon, and works when it is back; what was taken stays taken', async () => {
    const address = await postgres.createDatabase();
    const store = await open(address);
    expect(await store.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(true);
    await postgres.quit();
    const began = performance.now();
    for (const call of [
      () => store.takeRefresh(refreshOf('a', 2), Date.now() + day),
      () => store.revokeToken('t', Date.now() + day),
      () => store.listRevoked(0),
      () => store.purge(),
    ]) {
      await expect(call()).rejects.toBeInstanceOf(StoreError);
    }
    expect(performance.now() - began).toBeLessThan(25_000);
    await expect(openStore(address)).rejects.toThrow('PostgreSQL: nothing listens there (ECONNREFUSED)');
    await postgres.restart();
    expect(await store.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(false);
    expect(await store.takeRefresh(refreshOf('a', 2), Date.now() + day)).toBe(true);
  }, 60_000);

  test('a poll that fails is told of, and the next one goes on from where it was', async () => {
    const address = await postgres.createDatabase();
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const store = await open(address);
    const list = new RevocationList(store, Date.now);
    let troubles = 0;
    await list.start(stop.signal, () => {
      troubles++;
    });
    await postgres.quit();
    await expect.poll(() => troubles, { timeout: 15_000 }).toBeGreaterThan(0);
    await postgres.restart();
    await store.revokeToken('t', Date.now() + day);
    await expect.poll(() => list.has('t'), { timeout: 15_000 }).toBe(true);
  }, 60_000);

  test('a statement that waits too long is given up', async () => {
    const address = await postgres.createDatabase();
    const store = await open(address);
    const blocker = await postgres.connect(address);
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE connection_sessions');
    await expect(store.takeRefresh(refreshOf('a', 1), Date.now() + day)).rejects.toThrow('PostgreSQL: 57014');
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect(await store.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(true);
  }, 30_000);

  test.each([
    ['a wrong password', () => postgres.addressOf('postgres', 'postgres', 'wrong-secret'), '28P01'],
    ['no such database', () => postgres.addressOf('nowhere'), '3D000'],
    ['no such host', () => 'postgres://a:wrong-secret@nowhere.invalid/x', 'E'],
    ['an address that cannot be read', () => 'postgres://a:wrong-secret@:::/x', ''],
  ])(
    '%s: the start says what, and not the address',
    async (_name, build, code) => {
      const error: unknown = await openStore(build()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StoreError);
      const { message } = error as Error;
      expect(message).toMatch(/^PostgreSQL: /);
      expect(message).toContain(code);
      expect(JSON.stringify([message, (error as Error).stack, (error as Error).cause])).not.toContain('secret');
    },
    20_000,
  );

  test('a user without rights is told so', async () => {
    await postgres.query("CREATE ROLE poor LOGIN PASSWORD 'poor'");
    const address = await postgres.createDatabase();
    const database = address.split('/').at(-1) ?? '';
    await expect(openStore(postgres.addressOf(database, 'poor', 'poor'))).rejects.toThrow(
      'PostgreSQL: this user may not create or use the tables (42501)',
    );
  });
});
