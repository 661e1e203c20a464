import { expect, test } from 'vitest';
import { sendRaw } from './send-raw.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

test.each([
  ['POST', '/api/oauth/v1/token', 'token'],
  ['POST', '//api/oauth/v1/token', 'token'],
  ['POST', '/api/%6fauth/v1/token', 'token'],
  ['POST', '/oauth/revoke', 'revoke'],
  ['POST', '/oauth/introspect', 'introspect'],
  ['GET', '/.well-known/oauth-authorization-server', 'metadata'],
  ['GET', '/.well-known/jwks.json', 'jwks'],
])('%s %s is answered by %s', async (method, path, name) => {
  const upstream = await startUpstream(echo);
  const { port } = await startTestGateway({ upstream: upstream.origin });
  const { text } = await sendRaw(port, `${method} ${path} HTTP/1.1\r\nHost: a:80\r\nContent-Length: 2\r\n\r\n{}`);
  expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({
    name,
    method,
    body: '{}',
    network: '127.0.0.1',
    publicOrigin: 'http://a:80',
  });
  expect(text).toMatch(/^content-type: application\/json\r$/im);
});

test.each([
  '/oauth/authorize',
  '/oauth/',
  '/.well-known/openid-configuration',
  '/api/oauth/v1/',
  '/api/oauth/v1/token/',
  '/oauth/revoke/x',
])('%s is 404, whatever the role says', async (path) => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  gateway.directory.roles.set('full', { rules: [{ methods: ['GET', 'POST'], paths: ['/**'] }] });
  const answer = await fetch(gateway.origin + path, { headers: { authorization: 'Bearer erp' } });
  expect([answer.status, await answer.json()]).toEqual([404, { code: 404, message: 'There is no such endpoint.' }]);
  expect(upstream.requests).toHaveLength(0);
});

test('a body is at most 8192 bytes, whatever was announced', async () => {
  const upstream = await startUpstream(echo);
  const { port } = await startTestGateway({ upstream: upstream.origin });
  const line = 'POST /api/oauth/v1/token HTTP/1.1\r\nHost: a\r\n';
  const fits = await sendRaw(port, `${line}Content-Length: 8192\r\n\r\n${'a'.repeat(8192)}`);
  expect(fits.statuses).toEqual([200]);
  const tooLong = { code: 413, message: 'Request content exceeded the maximum allowed size of 8192 bytes' };
  for (const rest of [
    `Content-Length: 8193\r\n\r\n${'a'.repeat(8193)}`,
    'Content-Length: 100000000\r\nExpect: 100-continue\r\n\r\n',
    `Transfer-Encoding: chunked\r\n\r\n1001\r\n${'a'.repeat(4097)}\r\n1000\r\n${'a'.repeat(4096)}\r\n0\r\n\r\n`,
  ]) {
    const { text, statuses } = await sendRaw(port, line + rest, { quiet: 1_500 });
    expect([statuses, JSON.parse(text.slice(text.indexOf('{"')))]).toEqual([[413], tooLong]);
  }
});

test('an endpoint that fails is 500 and says nothing of why', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({
    upstream: upstream.origin,
    own: {
      token: () => {
        throw new Error('secret inside');
      },
    },
  });
  const answer = await fetch(`${gateway.origin}/api/oauth/v1/token`, { method: 'POST' });
  expect([answer.status, await answer.json()]).toEqual([
    500,
    { code: 500, message: 'The gateway failed to answer. Try again later.' },
  ]);
  expect(JSON.stringify(gateway.log)).not.toContain('secret inside');
  expect(await gateway.readMetrics()).toContain('connection_gateway_errors_total 1');
});
