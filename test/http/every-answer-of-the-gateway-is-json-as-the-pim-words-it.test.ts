import { expect, test } from 'vitest';
import { buildConnection } from './build-connection.ts';
import { sendRaw } from './send-raw.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const products = '/api/rest/v1/products';

async function start(config = ''): Promise<TestGateway> {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin, config });
  gateway.directory.roles.set('none', { overallAccess: false });
  gateway.directory.roles.set('lists', { permissions: ['pim_api_category_list'] });
  gateway.directory.roles.set('reads', { readOnly: true, permissions: ['pim_api_product_edit'] });
  gateway.add(buildConnection('none', { roleRef: { name: 'none' } }));
  gateway.add(buildConnection('lists', { roleRef: { name: 'lists' } }));
  gateway.add(buildConnection('reads', { roleRef: { name: 'reads' } }));
  gateway.add(buildConnection('roleless', { roleRef: { name: 'gone' } }));
  gateway.add(buildConnection('groupless', { roleRef: { name: 'full' }, groupRef: { name: 'gone' } }));
  return gateway;
}

const forbidden = (what: string): string => `Access forbidden. You are not allowed to ${what}.`;

test.each([
  ['no token', 'GET', products, '', 401, 'Authentication is required'],
  ['another scheme', 'GET', products, 'Basic ZXJw', 401, 'Authentication is required'],
  ['an unknown token', 'GET', products, 'Bearer nobody', 401, 'The access token provided is invalid.'],
  ['no overall access', 'GET', products, 'Bearer none', 403, 'You are not allowed to access the web API.'],
  ['no role', 'GET', products, 'Bearer roleless', 403, 'You are not allowed to access the web API.'],
  ['no group', 'GET', '/api/rest/v1/channels', 'Bearer groupless', 403, 'You are not allowed to access the web API.'],
  ['no permission', 'GET', products, 'Bearer lists', 403, forbidden('list products')],
  ['a read-only role', 'PATCH', `${products}/x`, 'Bearer reads', 403, forbidden('create or update products')],
  ['no rule', 'GET', '/somewhere', 'Bearer erp', 403, 'Access forbidden. No rule of the role allows this call.'],
  ['no endpoint of its own', 'GET', '/oauth/authorize', 'Bearer erp', 404, 'There is no such endpoint.'],
  ['dot segments', 'GET', `${products}/%2e%2e/x`, 'Bearer erp', 400, 'The path holds a segment "." or "..".'],
])('%s', async (_name, method, path, authorization, status, message) => {
  const { port } = await start();
  const head = authorization === '' ? '' : `Authorization: ${authorization}\r\n`;
  const { text } = await sendRaw(port, `${method} ${path} HTTP/1.1\r\nHost: a\r\n${head}Connection: close\r\n\r\n`);
  const [headers = '', body = ''] = text.split('\r\n\r\n');
  expect(headers).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(headers).toMatch(/^content-type: application\/json$/im);
  expect(headers).toMatch(/^cache-control: no-store$/im);
  expect(headers).toMatch(/^x-content-type-options: nosniff$/im);
  expect(JSON.parse(body)).toEqual({ code: status, message });
});

test.each([
  [
    'POST',
    'text/xml',
    '*/*',
    415,
    '"text/xml" in "Content-Type" header is not valid. Only "application/json" is allowed.',
  ],
  ['GET', '', 'text/html', 406, '"text/html" in "Accept" header is not valid. Only "application/json" is allowed.'],
])('%s with Content-Type "%s" and Accept %s', async (method, type, accept, status, message) => {
  const { origin } = await start();
  const headers = { authorization: 'Bearer erp', accept, ...(type && { 'content-type': type }) };
  const answer = await fetch(origin + products, { method, headers, ...(type && { body: '<a/>' }) });
  expect([answer.status, await answer.json()]).toEqual([status, { code: status, message }]);
});

test('405 says what is allowed', async () => {
  const { origin, port } = await start();
  const { text } = await sendRaw(port, 'PROPFIND /x HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(text).toMatch(/^HTTP\/1.1 405 .*^allow: GET, HEAD, POST, PUT, PATCH, DELETE\r$/ims);
  const options = await fetch(origin + products, { method: 'OPTIONS', headers: { authorization: 'Bearer erp' } });
  expect([options.status, options.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, PUT, PATCH, DELETE']);
});

test('a 401 carries a challenge, which says more when there was a token', async () => {
  const { origin } = await start();
  expect((await fetch(origin + products)).headers.get('www-authenticate')).toBe('Bearer realm="Service"');
  const wrong = await fetch(origin + products, { headers: { authorization: 'Bearer nobody' } });
  expect(wrong.headers.get('www-authenticate')).toBe('Bearer realm="Service", error="invalid_token"');
});

test('HEAD gets the headers alone', async () => {
  const { port } = await start();
  const { text } = await sendRaw(port, `HEAD ${products} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(text).toMatch(/^HTTP\/1.1 401 .*\r\n\r\n$/s);
});
