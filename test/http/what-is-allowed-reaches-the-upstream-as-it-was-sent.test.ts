import { expect, test } from 'vitest';
import { sendRaw } from './send-raw.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const products = '/api/rest/v1/products';

function readEcho(text: string): Echo {
  return JSON.parse(/\{"method.*\}/s.exec(text)?.[0] ?? '{}');
}

test('path and query go on byte for byte, with slashes at the start as one', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const target = `${products}/a%20b/C:d,e;f`.replace(';', '%2B');
  const query = '?&page=1&search={"a":[%22b"]}&x=+a,b:c=&%zz';
  const { text } = await sendRaw(
    gateway.port,
    `GET //${target}${query} HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer erp\r\n\r\n`,
  );
  expect(readEcho(text).url).toBe(target + query);
});

test("the client's credentials and claims stay here, the gateway's own take their place", async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin, config: 'trustedProxies: [10.0.0.0/8]' });
  const lines = [
    `GET ${products} HTTP/1.1`,
    'Host: api.example:8080',
    'Authorization: Bearer erp',
    'Cookie: a=b',
    'X-Connection-Code: admin',
    'X_Connection_Role: admin',
    'x-connection.group: admin',
    'X-Forwarded-For: 1.2.3.4',
    'X-Forwarded-Host: evil.example',
    'X-HTTP-Method-Override: DELETE',
    'Connection: close, X-Hop',
    'X-Hop: 1',
    'TE: trailers',
    'Proxy: http://evil.example',
    'X-Own: kept',
    'Accept: */*; q=0.2',
  ];
  const { text } = await sendRaw(gateway.port, `${lines.join('\r\n')}\r\n\r\n`);
  const { headers } = readEcho(text);
  expect(headers).toEqual({
    host: new URL(upstream.origin).host,
    te: 'trailers',
    'x-own': 'kept',
    accept: '*/*; q=0.2',
    'accept-encoding': 'identity',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'api.example:8080',
    'x-forwarded-proto': 'http',
    'x-connection-code': 'erp',
    'x-connection-role': 'full',
    'x-connection-group': 'all',
    connection: 'keep-alive',
  });
});

test.each([
  ['POST', 'Content-Length: 4\r\n\r\nab\r\n', 'ab\r\n'],
  ['PATCH', 'Transfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n2\r\n{}\r\n0\r\n\r\n', '{}\n{}'],
  ['DELETE', 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}', '{}'],
])('the body of a %s goes on byte for byte', async (method, rest, expected) => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const head = `${method} ${products}${method === 'DELETE' ? '/x' : ''} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer erp\r\n`;
  const seen = readEcho((await sendRaw(gateway.port, head + rest)).text);
  expect([seen.method, seen.body]).toEqual([method, expected]);
});

test('a call of nobody, or of a token that does not count, never gets there', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  for (const authorization of ['', 'Authorization: Bearer nobody\r\n', 'Authorization: Basic ZXJwOmVycA==\r\n']) {
    const { statuses } = await sendRaw(gateway.port, `GET ${products} HTTP/1.1\r\nHost: a\r\n${authorization}\r\n`);
    expect(statuses).toEqual([401]);
  }
  expect(upstream.requests).toHaveLength(0);
});

test('open endpoints go there without a token and without the credentials of the gateway', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({
    upstream: upstream.origin,
    upstreamFields: 'auth: {type: header, name: X-Api-Key, value: secret}',
  });
  const open = readEcho(await (await fetch(`${gateway.origin}/api/rest/v1/system-information`)).text());
  expect(open.headers['x-api-key']).toBeUndefined();
  expect(open.headers['x-connection-code']).toBeUndefined();
  const own = await fetch(gateway.origin + products, {
    headers: { authorization: 'Bearer erp', 'x-api-key': 'guess' },
  });
  expect(readEcho(await own.text()).headers['x-api-key']).toBe('secret');
});
