import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../../src/gateway/store/open-store.ts';
import { schemaSteps } from '../../../../src/gateway/store/schema.ts';
import { buildSqlStore } from '../../../../src/gateway/store/sql-store.ts';
import { openSqlite } from '../../../../src/gateway/store/sqlite-database.ts';
import { StoreError } from '../../../../src/gateway/store/store.ts';
import { describeFlowStore } from './describe-flow-store.ts';
import { describeStore, holdStore, refreshOf } from './describe-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const create = async (): Promise<string> => `sqlite:${join(folder, `${++files}.db`)}`;
const fileOf = (address: string): string => address.slice('sqlite:'.length);

describeStore('SQLite', {
  create,
  open: (address) => openSqlite(fileOf(address)),
  prepare: async (address, statements) => {
    const database = new DatabaseSync(fileOf(address));
    for (const statement of statements) database.exec(statement);
    database.close();
  },
  buildVersion: (version) => [`PRAGMA user_version = ${version}`],
});

describeFlowStore('SQLite', create);

const inUse = (file: string): string =>
  `${file} is in use by another gateway. A SQLite store is for exactly one: stop the other one, or set flows.store to a PostgreSQL address.`;

describe('a SQLite file', () => {
  test('is for exactly one process; the next one has it when the first was killed with SIGKILL', async () => {
    const address = await create();
    const first = await holdStore(address, 'a:1');
    const second = await holdStore(address);
    expect(first.lines).toEqual(['open', 'taken']);
    expect(second.lines).toEqual([inUse(fileOf(address))]);
    await expect(openStore(address)).rejects.toThrow(inUse(fileOf(address)));
    await first.stop('SIGKILL');
    const store = await openStore(address);
    onTestFinished(() => store.close());
    expect(await store.takeRefresh(refreshOf('a', 1), Date.now() + 60_000)).toBe(false);
    expect((await holdStore(address)).lines).toEqual([inUse(fileOf(address))]);
  }, 30_000);

  test('is for exactly one, also in one process, and free again when it is closed', async () => {
    const address = await create();
    const store = await openStore(address);
    await expect(openStore(address)).rejects.toThrow(inUse(fileOf(address)));
    await store.close();
    await (await openStore(address)).close();
  });

  test.each([
    ['in a folder that is not there', (): string => join(folder, 'nowhere', 'a.db')],
    ['that is a folder', (): string => folder],
    [
      'of another kind',
      (): string => {
        const file = join(folder, 'text.db');
        writeFileSync(file, 'this is no database at all, but it is long enough to be looked at as one '.repeat(20));
        return file;
      },
    ],
  ])('%s: the start says why', async (_name, build) => {
    const file = build();
    await expect(openStore(`sqlite:${file}`)).rejects.toThrow(`${file} cannot be opened as a SQLite store: `);
  });

  test('after close everything rejects with StoreError', async () => {
    const store = await openStore(await create());
    await store.close();
    await expect(store.takeRefresh(refreshOf('a', 1), 1)).rejects.toBeInstanceOf(StoreError);
    await expect(store.listRevoked(0)).rejects.toBeInstanceOf(StoreError);
  });
});

test.each(['', 'sqlite:', 'mysql://a/b', 'connection.db', 'SQLITE:a'])(
  '"%s" is no address of a store',
  async (address) => {
    await expect(openStore(address)).rejects.toThrow(
      'flows.store: write sqlite:FILE or postgres://user:password@host/database',
    );
  },
);

describe('a clock that is set', () => {
  test.each([
    ['forward', 3_600_000_000],
    ['back', 1_000_000],
  ])('%s between two polls hides no revocation of before, and none of after', async (_name, later) => {
    const database = openSqlite(':memory:');
    onTestFinished(() => database.close());
    await database.migrate(schemaSteps);
    // Two rows of one moment, of which a gateway that was listed the newer one may not have seen the older one.
    const [before, after] = [buildSqlStore(database, '2000000'), buildSqlStore(database, String(later))];
    await before.revokeToken('before', 9e12);
    await after.revokeToken('after', 9e12);
    const listed = await after.listRevoked(2_005_000);
    expect(listed.map(({ id }) => id).sort()).toEqual(['after', 'before']);
  });
});
