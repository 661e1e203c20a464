import { describe, expect, test } from 'vitest';
import { buildConnection } from './build-connection.ts';
import { sendRaw } from './send-raw.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const products = '/api/rest/v1/products';

async function start(config = ''): Promise<TestGateway> {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin, config });
  gateway.directory.roles.set('reads', { readOnly: true, permissions: ['pim_api_product_list'] });
  gateway.add(buildConnection('reads', { roleRef: { name: 'reads' } }));
  return gateway;
}

/** Status and the three names, as a proxy gets them. */
async function ask({ origin }: TestGateway, headers: Readonly<Record<string, string>>, path = '', method = 'GET') {
  const answer = await fetch(`${origin}/authz${path}`, {
    headers: { authorization: 'Bearer erp', ...headers },
    method,
  });
  const names = ['code', 'role', 'group'].map((name) => answer.headers.get(`x-connection-${name}`));
  return [answer.status, ...names];
}

const nginx = (method: string, uri: string) => ({ 'x-original-method': method, 'x-original-uri': uri });
const traefik = (method: string, uri: string) => ({ 'x-forwarded-method': method, 'x-forwarded-uri': uri });

const allowed = [200, 'erp', 'full', 'all'];
const refused = [403, null, null, null];

test.each([
  ['nginx', nginx('GET', `${products}?page=1`), '', 'GET'],
  ['Traefik and Caddy', traefik('GET', `${products}?page=1`), '', 'GET'],
  ['Envoy', {}, `${products}?page=1`, 'GET'],
  ['Envoy, writing', {}, `${products}/x`, 'PATCH'],
])('asked by %s it says who may', async (_name, headers, path, method) => {
  const gateway = await start();
  expect(await ask(gateway, headers, path, method)).toEqual(allowed);
  expect(await ask(gateway, { ...headers, authorization: 'Bearer nobody' }, path, method)).toEqual([
    401,
    null,
    null,
    null,
  ]);
  expect(gateway.uses).toEqual(['erp/erp']);
});

test('the method that was asked about counts, not that of the question', async () => {
  const gateway = await start();
  const reads = { authorization: 'Bearer reads' };
  expect(await ask(gateway, { ...reads, ...nginx('GET', products) })).toEqual([200, 'reads', 'reads', 'all']);
  expect(await ask(gateway, { ...reads, ...nginx('DELETE', `${products}/x`) })).toEqual(refused);
  expect(await ask(gateway, { ...reads, ...nginx('PATCH', products) })).toEqual(refused);
});

test('a claim in the right spelling is for the proxy to overwrite', async () => {
  const gateway = await start();
  expect(await ask(gateway, { ...nginx('GET', products), 'x-connection-code': 'admin' })).toEqual(allowed);
});

test('an open endpoint passes with all three headers, empty', async () => {
  const gateway = await start();
  const answer = await fetch(`${gateway.origin}/authz/api/rest/v1/system-information`);
  const names = ['code', 'role', 'group'].map((name) => answer.headers.get(`x-connection-${name}`));
  expect([answer.status, ...names]).toEqual([200, '', '', '']);
});

describe('what cannot be one question is 403', () => {
  const get = nginx('GET', products);
  test.each([
    ['nothing', {}, ''],
    ['no method', { 'x-original-uri': products }, ''],
    ['no target', { 'x-original-method': 'GET' }, ''],
    ['two families', { ...get, ...traefik('GET', products) }, ''],
    ['one header of another family', { ...get, 'x-forwarded-method': 'GET' }, ''],
    ['a header and a path', get, products],
    ['an alias with an underscore', { ...get, x_original_uri: `${products}/x` }, ''],
    ['an alias with a dot', { ...get, 'x.original-uri': `${products}/x` }, ''],
    ['a misspelled claim', { ...get, x_connection_code: 'admin' }, ''],
    ['a claim with a dot', { ...get, 'x-connection.role': 'admin' }, ''],
    ['a claim that no answer overwrites', { ...get, 'x-connection-more': 'admin' }, ''],
    ['an absolute target', nginx('GET', `http://evil.example${products}`), ''],
    ['dot segments', nginx('GET', '/api/rest/v1/media-files/%2e%2e/products'), ''],
    ['two slashes at the start', nginx('GET', `/${products}`), ''],
    ['an unknown method', nginx('PROPFIND', products), ''],
    ['_method', nginx('POST', `${products}?_method=DELETE`), ''],
    ['a header that changes the method', { ...get, 'x-http-method-override': 'DELETE' }, ''],
    ['its own endpoint', nginx('POST', '/oauth/revoke'), ''],
    ['itself', nginx('GET', '/authz'), ''],
    ['a form', { ...nginx('POST', products), 'content-type': 'application/x-www-form-urlencoded' }, ''],
    ['a type that nobody speaks', { ...get, accept: 'text/html' }, ''],
  ])('%s', async (_name, headers, path) => {
    expect(await ask(await start(), headers as unknown as Record<string, string>, path)).toEqual(refused);
  });

  test.each([
    ['a repeated header', `X-Original-Method: GET\r\nX-Original-URI: ${products}\r\nX-Original-URI: ${products}\r\n`],
    ['two Authorizations', `X-Original-Method: GET\r\nX-Original-URI: ${products}\r\nAuthorization: Bearer reads\r\n`],
  ])('%s', async (_name, lines) => {
    const { port } = await start();
    const { statuses } = await sendRaw(
      port,
      `GET /authz HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer erp\r\n${lines}\r\n`,
    );
    expect(statuses).toEqual([403]);
  });
});

test('authz.from accepts one family and does not look at the others', async () => {
  const gateway = await start('authz: {from: forwarded}');
  expect(await ask(gateway, traefik('GET', products))).toEqual(allowed);
  expect(await ask(gateway, { ...traefik('GET', products), ...nginx('DELETE', products) })).toEqual(allowed);
  expect(await ask(gateway, nginx('GET', products))).toEqual(refused);
  expect(await ask(gateway, {}, products)).toEqual(refused);
});

test('knowing too little is 403, never 503', async () => {
  const gateway = await start('onStale: refuse');
  gateway.directory.age = 400_000;
  expect(await ask(gateway, nginx('GET', products))).toEqual(refused);
});

test('nothing of it reaches the upstream, not even a body', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const headers = { authorization: 'Bearer erp', 'content-type': 'application/json' };
  const answer = await fetch(`${gateway.origin}/authz${products}`, { method: 'POST', body: '{}', headers });
  expect(answer.status).toBe(200);
  expect(upstream.requests).toHaveLength(0);
});
