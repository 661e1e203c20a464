import { expect, onTestFinished, test } from 'vitest';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';
import { startUpstream } from './start-upstream.ts';

const products = '/api/rest/v1/products';
const headers = { authorization: 'Bearer erp' };
const credentials = { clientId: '1_gateway', clientSecret: 'csec', username: 'gateway_0001', password: 'cpwd' };

interface Both {
  readonly api: SampleApi;
  readonly gateway: TestGateway;
  readonly grants: readonly string[];
}

async function startBoth(password = credentials.password): Promise<Both> {
  const api = await startSampleApi({ credentials });
  onTestFinished(() => api.stop());
  const auth = JSON.stringify({ type: 'akeneo', ...credentials, password });
  const gateway = await startTestGateway({
    upstream: api.origin,
    upstreamFields: `auth: ${auth}`,
    config: 'limits: {concurrent: 0}',
  });
  return { api, gateway, grants: api.login?.grants ?? [] };
}

const read = ({ gateway }: Both, number = 1): Promise<number> =>
  fetch(`${gateway.origin}${products}?page=${number}`, { headers }).then(({ status }) => status);
const many = Array.from({ length: 20 }, (_, index) => index + 1);

test('calls at the same time share one login', async () => {
  const both = await startBoth();
  expect(new Set(await Promise.all(many.map((number) => read(both, number))))).toEqual(new Set([200]));
  expect(both.grants).toEqual(['password']);
});

test('when its tokens end before their time, calls in flight share one new login and are repeated', async () => {
  const both = await startBoth();
  await read(both);
  both.api.login?.endTokens();
  expect(new Set(await Promise.all(many.map((number) => read(both, number))))).toEqual(new Set([200]));
  expect(both.grants).toEqual(['password', 'password']);
});

test('a call with a body, which cannot be repeated, is 502 and the next one passes', async () => {
  const both = await startBoth();
  await read(both);
  both.api.login?.endTokens();
  const write = async (): Promise<number> => {
    const type = { 'content-type': 'application/json' };
    const init = { method: 'PATCH', headers: { ...headers, ...type }, body: '{"enabled":false}' };
    return (await fetch(`${both.gateway.origin}${products}/tent-003`, init)).status;
  };
  expect([await write(), await write()]).toEqual([502, 204]);
});

test('a login that the upstream refuses is 502, without a word about the credentials', async () => {
  const both = await startBoth('wrong');
  const answer = await fetch(both.gateway.origin + products, { headers });
  expect([answer.status, await answer.json()]).toEqual([
    502,
    { code: 502, message: "The upstream did not accept the gateway's own credentials." },
  ]);
  expect(JSON.stringify(both.gateway.log)).not.toContain('csec');
  // It is not asked again by every call.
  await Promise.all(many.map((number) => read(both, number)));
  expect(both.grants).toEqual(['password']);
});

test.each([
  ['header', 401, 502],
  ['header', 403, 502],
  ['none', 401, 502],
  ['none', 403, 403],
])("with auth of type %s the upstream's %d is %d", async (type, status, expected) => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(`{"code":${status},"message":"of the upstream"}`);
  });
  const auth = type === 'none' ? '{type: none}' : '{type: header, name: Authorization, value: Bearer own}';
  const gateway = await startTestGateway({ upstream: upstream.origin, upstreamFields: `auth: ${auth}` });
  const answer = await fetch(gateway.origin + products, { headers });
  expect(answer.status).toBe(expected);
  expect(upstream.requests.map((request) => request.headers.authorization)).toEqual([
    type === 'none' ? undefined : 'Bearer own',
  ]);
});

/** An upstream that says 403 to every token but the newest, or to all. */
async function startForbidding(forbids: (token: number, newest: number) => boolean) {
  let newest = 0;
  const upstream = await startUpstream((request, response) => {
    const isLogin = request.url === '/api/oauth/v1/token';
    if (isLogin) newest++;
    const token = Number(request.headers.authorization?.replace('Bearer token-', ''));
    response.writeHead(isLogin || !forbids(token, newest) ? 200 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isLogin ? { access_token: `token-${newest}`, expires_in: 3600 } : {}));
  });
  const auth = JSON.stringify({ type: 'akeneo', ...credentials });
  const gateway = await startTestGateway({ upstream: upstream.origin, upstreamFields: `auth: ${auth}` });
  const ask = async (): Promise<number> => (await fetch(gateway.origin + products, { headers })).status;
  const count = (path: string): number => upstream.requests.filter(({ url }) => url === path).length;
  return { ask, logins: () => count('/api/oauth/v1/token'), calls: () => count(products) };
}

test('a 403 to its token is answered with one new login, which may be all that it needs', async () => {
  const forbidding = await startForbidding((token) => token === 1);
  expect(await forbidding.ask()).toBe(200);
  expect([forbidding.logins(), forbidding.calls()]).toEqual([2, 2]);
});

test('a 403 that a new login does not heal is 502, and costs no login with every call', async () => {
  const forbidding = await startForbidding(() => true);
  expect([await forbidding.ask(), await forbidding.ask(), await forbidding.ask()]).toEqual([502, 502, 502]);
  expect([forbidding.logins(), forbidding.calls()]).toEqual([2, 4]);
});

test('calls at the same time share the new login after a 403 too', async () => {
  const forbidding = await startForbidding((token) => token === 1);
  expect(await Promise.all([forbidding.ask(), forbidding.ask(), forbidding.ask()])).toEqual([200, 200, 200]);
  expect(forbidding.logins()).toBe(2);
});
