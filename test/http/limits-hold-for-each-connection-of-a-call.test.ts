import { expect, test } from 'vitest';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { buildConnection } from './build-connection.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';
import { startUpstream } from './start-upstream.ts';

const path = '/api/rest/v1/products';

/** Statuses of so many calls at once; `token` empty: an open endpoint. */
async function ask({ origin }: TestGateway, token: string, times = 1): Promise<readonly number[]> {
  const address = token === '' ? `${origin}/api/rest/v1` : origin + path;
  const headers = { authorization: `Bearer ${token}` };
  const answers = await Promise.all(
    Array.from({ length: times }, () => fetch(address, token === '' ? {} : { headers })),
  );
  return answers.map(({ status }) => status);
}

async function start(config: string): Promise<TestGateway> {
  const upstream = await startUpstream((_request, response) => void response.end('ok'));
  const gateway = await startTestGateway({ upstream: upstream.origin, config });
  gateway.add(buildConnection('dam', { roleRef: { name: 'full' } }));
  return gateway;
}

/** A gateway whose upstream keeps calls waiting until `held` saw so many of them; those wait for `release`. */
async function hold(config: string) {
  const waiting: (() => void)[] = [];
  let isHolding = true;
  const upstream = await startUpstream((_request, response) => {
    if (isHolding) waiting.push(() => response.end('ok'));
    else response.end('ok');
  });
  const gateway = await startTestGateway({ upstream: upstream.origin, config });
  gateway.add(buildConnection('dam', { roleRef: { name: 'full' } }));
  return {
    gateway,
    async held(calls: number) {
      await eventually(() => expect(waiting).toHaveLength(calls), { within: 20_000 });
      isHolding = false;
    },
    release(): void {
      for (const answer of waiting) answer();
    },
  };
}

test('four calls at once pass, the fifth is 429 and says when to come back', async () => {
  const { gateway, held, release } = await hold('');
  const four = ask(gateway, 'erp', 4);
  await held(4);
  const fifth = await fetch(gateway.origin + path, { headers: { authorization: 'Bearer erp' } });
  expect([fifth.status, fifth.headers.get('retry-after'), await fifth.json()]).toEqual([
    429,
    '1',
    { code: 429, message: 'You have exceeded the limit of 4 concurrent calls.' },
  ]);
  expect(await ask(gateway, 'dam')).toEqual([200]);
  release();
  expect(await four).toEqual([200, 200, 200, 200]);
  expect(await ask(gateway, 'erp')).toEqual([200]);
});

test('a call of a pair needs room with both', async () => {
  const { gateway, held, release } = await hold('limits: {concurrent: 1}');
  const first = ask(gateway, 'erp+dam');
  await held(1);
  expect([await ask(gateway, 'erp'), await ask(gateway, 'dam'), await ask(gateway, 'dam+erp')]).toEqual([
    [429],
    [429],
    [429],
  ]);
  release();
  expect(await first).toEqual([200]);
  expect([await ask(gateway, 'erp'), await ask(gateway, 'dam')]).toEqual([[200], [200]]);
});

test('so many calls a second and no more, in whole seconds', async () => {
  const gateway = await start('limits: {concurrent: 0, perSecond: 5}');
  const statuses = await ask(gateway, 'erp', 60);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
  expect(statuses).toContain(429);
  await eventually(async () => expect(await ask(gateway, 'erp')).toEqual([200]));
});

test('a refused call takes no room, nor one whose client went away', async () => {
  const { gateway, held } = await hold('limits: {concurrent: 1}');
  gateway.directory.roles.set('none', { overallAccess: false });
  gateway.add(buildConnection('crm', { roleRef: { name: 'none' } }));
  expect(await ask(gateway, 'crm', 5)).toEqual([403, 403, 403, 403, 403]);
  const leaving = new AbortController();
  const left = fetch(gateway.origin + path, { headers: { authorization: 'Bearer erp' }, signal: leaving.signal });
  await held(1);
  leaving.abort();
  await expect(left).rejects.toThrow();
  await eventually(async () => expect(await ask(gateway, 'erp')).toEqual([200]));
});

test('0 is no limit', async () => {
  const gateway = await start('limits: {concurrent: 0, perSecond: 0}');
  expect(new Set(await ask(gateway, 'erp', 150))).toEqual(new Set([200]));
});

test('open endpoints are limited by address', async () => {
  const { gateway, held, release } = await hold('limits: {concurrent: 1}\ntrustedProxies: [127.0.0.1]');
  const first = ask(gateway, '');
  await held(1);
  expect(await ask(gateway, '')).toEqual([429]);
  const other = await fetch(`${gateway.origin}/api/rest/v1`, { headers: { 'x-forwarded-for': '192.0.2.7' } });
  expect(other.status).toBe(200);
  release();
  expect(await first).toEqual([200]);
});
