import { expect, test } from 'vitest';
import type { Store } from '../../../../src/gateway/store/store.ts';
import type { TokenReports } from '../../../../src/gateway/token/token-context.ts';
import { buildWarningReports } from '../../../../src/gateway/token/warning-reports.ts';
import { issueConnection, rotate } from '../credentials/issue-connection.ts';
import { makeKeys } from '../keys/build-key-secret.ts';
import { openMemoryStore, TokenDesk } from './token-desk.ts';

const [hour, day] = [3_600_000, 86_400_000];
const { ring } = makeKeys();
const erp = issueConnection(ring, { name: 'erp', namespace: 'shop' }).connection;
const dam = issueConnection(ring, { name: 'dam', namespace: 'media' }).connection;

/** One gateway's reports; several may share a store. */
class ReportDesk {
  readonly reports: Pick<TokenReports, 'retired' | 'wrongPair'>;
  readonly lines: [fields: object, message: string][] = [];
  readonly metrics: [kind: string, name: string][] = [];
  /** Noon of today. */
  now: number = Math.floor(Date.now() / day) * day + day / 2;

  constructor(store: Pick<Store, 'recordWarning'>) {
    this.reports = buildWarningReports({
      store,
      log: { warn: (fields, message) => this.lines.push([fields, message]) },
      clock: () => this.now,
      onWarning: (kind, { metadata }) => this.metrics.push([kind, metadata.name]),
    });
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

test('a retired value is a log line, a metric and a row once a day, for each version and part', async () => {
  const store = await openMemoryStore();
  const desk = new ReportDesk(store);
  for (let i = 0; i < 1_000; i++) {
    desk.reports.retired(erp, 'clientSecret', '1-aaaaaa');
    desk.reports.retired(erp, 'clientSecret', '2-bbbbbb');
    desk.reports.retired(erp, 'password', '1-aaaaaa');
    desk.reports.retired(dam, 'password', '1-aaaaaa');
  }
  await settle();
  expect(desk.lines).toHaveLength(4);
  expect(desk.lines[0]).toEqual([
    { namespace: 'shop', code: 'erp', part: 'clientSecret', version: '1-aaaaaa' },
    'an old value is still in use, and refused',
  ]);
  expect(desk.metrics).toEqual([
    ['retiredValue', 'erp'],
    ['retiredValue', 'erp'],
    ['retiredValue', 'erp'],
    ['retiredValue', 'dam'],
  ]);
  const warnings = await store.listWarnings(erp.metadata.uid, 7 * day);
  expect(warnings.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['retiredValue', 'clientSecret 1-aaaaaa'],
    ['retiredValue', 'clientSecret 2-bbbbbb'],
    ['retiredValue', 'password 1-aaaaaa'],
  ]);
});

test('again on the next UTC day, and not before', async () => {
  const desk = new ReportDesk(await openMemoryStore());
  const report = async (): Promise<number> => {
    desk.reports.retired(erp, 'password', '1-aaaaaa');
    await settle();
    return desk.lines.length;
  };
  expect(await report()).toBe(1);
  desk.now += 12 * hour - 1;
  expect(await report()).toBe(1);
  desk.now += 1;
  expect(await report()).toBe(2);
  desk.now += 23 * hour;
  expect(await report()).toBe(2);
});

test('once over all gateways of one store, and over restarts', async () => {
  const store = await openMemoryStore();
  const desks = [new ReportDesk(store), new ReportDesk(store), new ReportDesk(store)];
  for (const { reports } of desks) reports.retired(erp, 'password', '1-aaaaaa');
  await settle();
  expect(desks.flatMap(({ lines }) => lines)).toHaveLength(1);
});

test('the row says when it was last, to ten minutes, without another line', async () => {
  const store = await openMemoryStore();
  const desk = new ReportDesk(store);
  const began = desk.now;
  for (; desk.now < began + hour; desk.now += 60_000) {
    desk.reports.retired(erp, 'password', '1-aaaaaa');
    await settle();
  }
  expect(desk.lines).toHaveLength(1);
  const [warning] = await store.listWarnings(erp.metadata.uid, 10 * day);
  expect(warning?.at).toBe(began + 50 * 60_000);
});

test('a wrong pair warns on both pages, and names the other name alone', async () => {
  const store = await openMemoryStore();
  const desk = new ReportDesk(store);
  for (let i = 0; i < 10; i++) desk.reports.wrongPair(erp, dam);
  await settle();
  expect(await store.listWarnings(erp.metadata.uid, 7 * day)).toEqual([
    { connection: erp.metadata.uid, kind: 'otherUsername', detail: dam.status?.username, at: desk.now },
  ]);
  expect(await store.listWarnings(dam.metadata.uid, 7 * day)).toEqual([
    { connection: dam.metadata.uid, kind: 'otherClientId', detail: erp.status?.clientId, at: desk.now },
  ]);
  expect(desk.lines).toEqual([
    [
      { namespace: 'shop', code: 'erp', userNamespace: 'media', userCode: 'dam' },
      'a client id is used with the username of another connection',
    ],
  ]);
  expect(desk.metrics).toEqual([['wrongPair', 'erp']]);
});

test('while the store is away it is said all the same, once, and recorded when the store is back', async () => {
  const store = await openMemoryStore();
  let isAway = true;
  const desk = new ReportDesk({
    recordWarning: async (warning, unlessSince) => {
      if (isAway) throw new Error('away');
      return store.recordWarning(warning, unlessSince);
    },
  });
  for (let i = 0; i < 100; i++) desk.reports.retired(erp, 'password', '1-aaaaaa');
  await settle();
  expect(desk.lines).toHaveLength(1);
  isAway = false;
  desk.now += 11 * 60_000;
  desk.reports.retired(erp, 'password', '1-aaaaaa');
  await settle();
  expect(await store.listWarnings(erp.metadata.uid, 10 * day)).toHaveLength(1);
  expect(desk.lines).toHaveLength(1);
});

test('the token endpoint reports an old secret and an old password, each time, and refuses them', async () => {
  const desk = await TokenDesk.open();
  const { connection, values } = await desk.issue();
  const [secret, password] = [connection.status?.credentials?.clientSecret, connection.status?.credentials?.password];
  const rotated = rotate(desk.ring, connection, 'clientSecret', 'new-secret');
  await desk.cluster.put(rotate(desk.ring, rotated, 'password', 'new-password'));
  expect((await desk.login(values)).status).toBe(422);
  expect((await desk.login({ ...values, clientSecret: 'new-secret' })).status).toBe(422);
  expect((await desk.login({ ...values, clientSecret: 'new-secret', password: 'new-password' })).status).toBe(200);
  expect(desk.reported.retired).toEqual([
    [connection.metadata.uid, 'clientSecret', secret?.[0]?.version],
    [connection.metadata.uid, 'password', password?.[0]?.version],
  ]);
});
