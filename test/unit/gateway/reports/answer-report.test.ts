import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { answerReport, type ReportParts } from '../../../../src/gateway/reports/answer-report.ts';
import type { ViewerRight } from '../../../../src/gateway/reports/viewer-rights.ts';
import { openStore } from '../../../../src/gateway/store/open-store.ts';
import { type Store, StoreError } from '../../../../src/gateway/store/store.ts';
import { buildConnection } from '../../../http/build-connection.ts';

const now = Date.parse('2026-11-28T10:15:00Z');
const hour = 3_600_000;
const tracked = [
  buildConnection('shop', { flowType: 'Destination', tracked: true }),
  buildConnection('erp', { tracked: true }),
  buildConnection('quiet', {}),
];

async function build(change: Partial<ReportParts> = {}, right: ViewerRight = 'allowed') {
  const store = await openStore('sqlite::memory:');
  const parts: ReportParts = {
    directory: { connections: () => tracked.values() },
    store,
    rights: { check: async () => right },
    clock: () => now,
    ...change,
  };
  const ask = async (
    url: string,
    rawHeaders: readonly string[] = ['Authorization', 'Bearer t.o.k'],
    method = 'GET',
  ) => {
    const answer = await answerReport(parts, { url, method, rawHeaders } as unknown as IncomingMessage);
    return answer && { status: answer.status, headers: answer.headers, body: JSON.parse(answer.body) };
  };
  return { ask, store };
}

async function fill(store: Store): Promise<void> {
  const zeros = { created: 0, updated: 0, sent: 0, business: 0, technical: 0 };
  const buckets = [
    { ...zeros, connection: 'uid-erp', hour: now - (now % hour), created: 2 },
    { ...zeros, connection: 'uid-erp', hour: now - (now % hour) - hour, created: 3, business: 1 },
    { ...zeros, connection: 'uid-quiet', hour: now - (now % hour), created: 100 },
    { ...zeros, connection: 'uid-gone', hour: now - (now % hour), created: 100 },
  ];
  await store.addFlows({ writer: 'w', number: 1, buckets, errors: [] });
}

test('flows are of tracked Connections that exist, by name, from the hour that was asked for', async () => {
  const { ask, store } = await build();
  await fill(store);
  const zeros = { created: 0, updated: 0, sent: 0, business: 0, technical: 0 };
  const answer = await ask('/flows?namespace=shop');
  expect(answer?.body).toEqual({
    connections: [
      { uid: 'uid-erp', namespace: 'shop', name: 'erp', ...zeros, created: 5, business: 1 },
      { uid: 'uid-shop', namespace: 'shop', name: 'shop', ...zeros },
    ],
    hours: [
      { hour: '2026-11-28T09:00:00Z', ...zeros, created: 3, business: 1 },
      { hour: '2026-11-28T10:00:00Z', ...zeros, created: 2 },
    ],
  });
  expect(answer?.headers).toMatchObject({ 'cache-control': 'no-store' });
  expect((await ask('/flows?namespace=shop&hours=1'))?.body.hours).toHaveLength(1);
});

test.each([
  ['/flows', 'unknown', 401],
  ['/flows', 'denied', 403],
  ['/flows', 'unavailable', 503],
  ['/warnings?namespace=shop', 'denied', 403],
] as const)('%s, %s: %i as JSON', async (url, right, status) => {
  const { ask } = await build({}, right);
  const answer = await ask(url);
  expect(answer?.status).toBe(status);
  expect(answer?.body).toEqual({ code: status, message: expect.any(String) });
});

test.each([
  ['no token', []],
  ['two tokens', ['Authorization', 'Bearer a', 'authorization', 'Bearer b']],
  ['another scheme', ['Authorization', 'Basic YTpi']],
  ['what is no token', ['Authorization', 'Bearer a b']],
])('%s is 401, and the API server is not asked', async (_name, headers) => {
  const { ask } = await build({
    rights: {
      check: () => {
        throw new Error('asked');
      },
    },
  });
  expect((await ask('/flows', headers))?.status).toBe(401);
});

test('a store that is away is 503, and what is no path of reports is left to others', async () => {
  const store = await openStore('sqlite::memory:');
  const away = { ...store, sumConnections: () => Promise.reject(new StoreError('away')) };
  const { ask } = await build({ store: away });
  expect(await ask('/flows?namespace=shop')).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  expect(await ask('/metrics')).toBeUndefined();
  expect((await ask('/flows', [], 'DELETE'))?.status).toBe(405);
});
