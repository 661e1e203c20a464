import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../../src/gateway/store/open-store.ts';
import { schemaSteps } from '../../../../src/gateway/store/schema.ts';
import type { SqlDatabase } from '../../../../src/gateway/store/sql-database.ts';
import type { NumberedRefresh, Store } from '../../../../src/gateway/store/store.ts';
import { type RunningProgram, startProgram } from '../../../../tools/start-program.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** How the tests get at a database. */
export interface StoreSite {
  /** The address of a new empty database. */
  readonly create: () => Promise<string>;
  /** As the store opens it. */
  readonly open: (address: string) => SqlDatabase;
  /** Runs statements in it while no store has it open. */
  readonly prepare: (address: string, statements: readonly string[]) => Promise<void>;
  /** SQL that says that so many steps of the schema were run. */
  readonly buildVersion: (version: number) => readonly string[];
}

export function refreshOf(session: string, number: number, expires: number = Date.now() + hour): NumberedRefresh {
  return { session, number, expires };
}

/** Starts a process that opens the store and takes these; resolves when it has written all of its lines. */
export async function holdStore(address: string, ...steps: readonly string[]): Promise<RunningProgram> {
  const program = startProgram({ file: 'test/unit/gateway/store/hold-store.ts', args: [address, ...steps] });
  while (program.lines.length < steps.length + 1) {
    const ended = await Promise.race([program.exited, sleep(20)]);
    if (ended) break;
  }
  return program;
}

/** What holds for every store, whatever it is made of. */
export function describeStore(name: string, site: StoreSite): void {
  /** A store that is closed when its test ends. */
  const open = async (address?: string): Promise<{ readonly store: Store; readonly address: string }> => {
    const where = address ?? (await site.create());
    return { store: await openStore(where), address: where };
  };

  describe(`${name}: refresh tokens`, () => {
    test('are taken in their order, each once', async () => {
      const { store } = await open();
      const take = (number: number, session = 'a') => store.takeRefresh(refreshOf(session, number), Date.now() + day);
      expect(await take(2)).toBe(false);
      expect(await take(1)).toBe(true);
      expect(await take(1)).toBe(false);
      expect(await take(3)).toBe(false);
      expect(await take(2)).toBe(true);
      expect(await take(2)).toBe(false);
      expect(await take(1)).toBe(false);
      expect(await take(1, 'b')).toBe(true);
      expect(await take(3)).toBe(true);
      await store.close();
    });

    test('are shown as next only while they are', async () => {
      const { store } = await open();
      const isNext = (number: number, expires?: number) => store.isNextRefresh(refreshOf('a', number, expires));
      expect([await isNext(1), await isNext(2)]).toEqual([true, false]);
      await store.takeRefresh(refreshOf('a', 1), Date.now() + day);
      expect([await isNext(1), await isNext(2), await isNext(3)]).toEqual([false, true, false]);
      expect(await isNext(2, Date.now() - 1000)).toBe(false);
      await store.revokeSession('a', Date.now() + day);
      expect(await isNext(2)).toBe(false);
      await store.close();
    });

    test('are refused after their end by the clock of the store, and after a revocation', async () => {
      const { store } = await open();
      expect(await store.takeRefresh(refreshOf('old', 1, Date.now() - 1000), Date.now() + day)).toBe(false);
      await store.revokeSession('unused', Date.now() + day);
      expect(await store.takeRefresh(refreshOf('unused', 1), Date.now() + day)).toBe(false);
      await store.takeRefresh(refreshOf('used', 1), Date.now() + day);
      await store.revokeSession('used', Date.now() + day);
      expect(await store.takeRefresh(refreshOf('used', 2), Date.now() + day)).toBe(false);
      await store.close();
    });

    test('are not forgotten to be used before their end, also when the next one lives shorter', async () => {
      const { store } = await open();
      await store.takeRefresh(refreshOf('a', 1), Date.now() - 2000);
      await store.purge();
      expect(await store.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(false);
      expect(await store.takeRefresh(refreshOf('a', 2), Date.now() + day)).toBe(true);
      await store.close();
    });

    test('stay used when the process that took them is killed with SIGKILL', async () => {
      const address = await site.create();
      const first = await holdStore(address, 'a:1', 'a:1', 'a:2');
      expect(first.lines).toEqual(['open', 'taken', 'used', 'taken']);
      await first.stop('SIGKILL');
      const second = await holdStore(address, 'a:1', 'a:2', 'a:3');
      await second.stop('SIGKILL');
      expect(second.lines).toEqual(['open', 'used', 'used', 'taken']);
    }, 30_000);
  });

  describe(`${name}: revocations`, () => {
    test('are listed since the last one that is known, and some again', async () => {
      const { store } = await open();
      expect(await store.listRevoked(0)).toEqual([]);
      const end = Date.now() + day;
      await store.revokeSession('s', end);
      await store.revokeToken('t', end);
      const listed = await store.listRevoked(0);
      expect(listed.map(({ id, expires }) => [id, expires]).sort()).toEqual([
        ['s', end],
        ['t', end],
      ]);
      for (const { at } of listed) expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
      const latest = Math.max(...listed.map(({ at }) => at));
      await store.revokeToken('u', end);
      expect((await store.listRevoked(latest)).map(({ id }) => id)).toContain('u');
      // However far ahead the last known one was: a clock that was set back hides nothing.
      expect((await store.listRevoked(latest + day)).map(({ id }) => id)).toContain('u');
      await store.close();
    });

    test('hold as long as the longest end that was asked for', async () => {
      const { store } = await open();
      const [near, far] = [Date.now() + hour, Date.now() + day];
      for (const end of [far, near]) await store.revokeSession('a', end);
      for (const end of [near, far]) await store.revokeSession('b', end);
      await store.takeRefresh(refreshOf('c', 1), far);
      await store.revokeSession('c', near);
      expect((await store.listRevoked(0)).map(({ expires }) => expires)).toEqual([far, far, far]);
      await store.close();
    });

    test('twice is once', async () => {
      const { store } = await open();
      for (let i = 0; i < 2; i++) await store.revokeToken('t', Date.now() + day);
      expect(await store.listRevoked(0)).toHaveLength(1);
      await store.close();
    });
  });

  describe(`${name}: warnings`, () => {
    const warning = { connection: 'c', kind: 'otherUsername', detail: 'd' } as const;

    test('one of each, with the time of the last one; recorded anew says so', async () => {
      const { store } = await open();
      const at = Date.now() - hour;
      expect(await store.recordWarning({ ...warning, at }, 0)).toBe(true);
      expect(await store.recordWarning({ ...warning, at: at + 1 }, at)).toBe(false);
      expect(await store.recordWarning({ ...warning, at: at + 2 }, at + 1)).toBe(true);
      await store.recordWarning({ ...warning, detail: 'e', at: at + 5 }, 0);
      await store.recordWarning({ ...warning, connection: 'other', at }, 0);
      expect(await store.listWarnings('c', day)).toEqual([
        { ...warning, detail: 'e', at: at + 5 },
        { ...warning, at: at + 2 },
      ]);
      await store.close();
    });

    test('are listed as far back as is asked, and forgotten after thirty days', async () => {
      const { store } = await open();
      for (const days of [1, 6, 8, 29, 31]) {
        await store.recordWarning({ ...warning, detail: `${days}`, at: Date.now() - days * day }, 0);
      }
      expect((await store.listWarnings('c', 7 * day)).map(({ detail }) => detail)).toEqual(['1', '6']);
      await store.purge();
      expect((await store.listWarnings('c', 100 * day)).map(({ detail }) => detail)).toEqual(['1', '6', '8', '29']);
      await store.close();
    });
  });

  describe(`${name}: purging`, () => {
    test('forgets what has ended by the clock of the store, and nothing else', async () => {
      const { store } = await open();
      const [before, after] = [Date.now() - 60_000, Date.now() + 60_000];
      await store.revokeSession('old', before);
      await store.revokeToken('old token', before);
      await store.revokeSession('new', after);
      await store.revokeToken('new token', after);
      await store.purge();
      expect((await store.listRevoked(0)).map(({ id }) => id).sort()).toEqual(['new', 'new token']);
      await store.close();
    });
  });

  describe(`${name}: the tables`, () => {
    test('stay when the store is opened again', async () => {
      const { store, address } = await open();
      await store.takeRefresh(refreshOf('a', 1), Date.now() + day);
      await store.close();
      const again = await open(address);
      expect(await again.store.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(false);
      await again.store.close();
    });

    test.each(schemaSteps.map((_, version) => version))('are brought up to date from step %i', async (version) => {
      const address = await site.create();
      await site.prepare(address, [...schemaSteps.slice(0, version), ...site.buildVersion(version)]);
      const { store } = await open(address);
      expect(await store.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(true);
      expect(await store.recordWarning({ connection: 'c', kind: 'otherUsername', detail: '', at: 1 }, 0)).toBe(true);
      await store.close();
    });

    test("of a newer release are used as they are, and are still that release's afterwards", async () => {
      const address = await site.create();
      const newer = [...schemaSteps, 'CREATE TABLE connection_newer (a INTEGER)'];
      for (let round = 0; round < 2; round++) {
        // Fails the second time if the older release counted back.
        const database = site.open(address);
        await database.migrate(newer);
        await database.close();
        const { store } = await open(address);
        expect(await store.takeRefresh(refreshOf('a', round + 1), Date.now() + day)).toBe(true);
        await store.close();
      }
    });

    test('are made whole or not at all', async () => {
      const address = await site.create();
      // One of the steps cannot be run.
      await site.prepare(address, ['CREATE TABLE connection_warnings (other INTEGER)']);
      await expect(open(address)).rejects.toThrow();
      await site.prepare(address, ['DROP TABLE connection_warnings']);
      const { store } = await open(address);
      expect(await store.takeRefresh(refreshOf('a', 1), Date.now() + day)).toBe(true);
      await store.close();
    });
  });
}
