import { expect, test } from 'vitest';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const headers = { authorization: 'Bearer erp' };
const products = '/api/rest/v1/products';

test('with keep, calls go on', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin, config: 'maxStaleness: 5m' });
  gateway.directory.age = 3_600_000;
  expect((await fetch(gateway.origin + products, { headers })).status).toBe(200);
  expect(await gateway.readMetrics()).toContain('connection_gateway_stale 1');
});

test('with refuse, calls are 503 until it is fresh again; open endpoints pass', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin, config: 'maxStaleness: 5m\nonStale: refuse' });
  gateway.directory.age = 300_001;
  const answer = await fetch(gateway.origin + products, { headers });
  expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
    503,
    '5',
    { code: 503, message: 'Connections cannot be checked at the moment. Try again later.' },
  ]);
  expect((await fetch(`${gateway.origin}/api/rest/v1`)).status).toBe(200);
  gateway.directory.age = 300_000;
  expect((await fetch(gateway.origin + products, { headers })).status).toBe(200);
});
