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
