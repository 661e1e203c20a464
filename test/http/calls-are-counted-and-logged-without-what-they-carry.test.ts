import { expect, test } from 'vitest';
import { buildConnection } from './build-connection.ts';
import { sendRaw } from './send-raw.ts';
import { startTestGateway } from './start-test-gateway.ts';
import { echo, startUpstream } from './start-upstream.ts';

const products = '/api/rest/v1/products';
const patience = { timeout: 15_000 };

test('each call is counted for the Connection of its user, by decision', async () => {
  const { promise: isReleased, resolve: release } = Promise.withResolvers<void>();
  const upstream = await startUpstream((request, response) => {
    if (request.url?.endsWith('/held') === true) void isReleased.then(() => echo(request, response));
    else echo(request, response);
  });
  const gateway = await startTestGateway({
    upstream: upstream.origin,
    config: 'limits: {concurrent: 2, perSecond: 0}',
  });
  gateway.directory.roles.set('none', { overallAccess: false });
  gateway.directory.groups.set('some', {});
  gateway.add(buildConnection('none', { roleRef: { name: 'none' } }));
  gateway.add(buildConnection('some', { roleRef: { name: 'full' }, groupRef: { name: 'some' } }));
  const ask = (token: string, path: string): Promise<Response> =>
    fetch(gateway.origin + path, { headers: { authorization: `Bearer ${token}` } });
  const held = [ask('erp', `${products}/held`), ask('erp', `${products}/held`)];
  await expect.poll(() => upstream.requests.length, patience).toBe(2);
  await ask('erp', products);
  release();
  await Promise.all(held);
  // A call has ended a moment after its answer has arrived.
  await expect.poll(() => gateway.readMetrics(), patience).toContain('connection="erp",decision="allowed"} 2');
  await ask('erp', '/elsewhere');
  await ask('erp', products);
  await ask('none', products);
  await ask('some', `${products}/one`);
  await ask('nobody', products);
  await ask('none+erp', `/authz${products}`);
  const text = await gateway.readMetrics();
  const lines = text.split('\n').filter((line) => line.startsWith('connection_gateway_requests_total{'));
  const count = (name: string, decision: string): string =>
    `connection_gateway_requests_total{namespace="${name && 'shop'}",connection="${name}",decision="${decision}"}`;
  expect(lines).toEqual([
    `${count('', 'unauthenticated')} 1`,
    `${count('erp', 'allowed')} 4`,
    `${count('erp', 'forbidden')} 1`,
    `${count('erp', 'limited')} 1`,
    `${count('none', 'no_access')} 1`,
    `${count('some', 'catalog')} 1`,
  ]);
  expect(text).toContain(
    'connection_gateway_permission_requests_total{permission="pim_api_product_list",decision="allowed"} 4',
  );
  expect(text).toContain('connection_gateway_request_duration_seconds_count{kind="authz"} 1');
  expect(text).toContain('connection_gateway_request_duration_seconds_count{kind="proxy"} 8');
});

test('the series of a Connection go with it', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const connection = buildConnection('short', { roleRef: { name: 'full' } });
  gateway.add(connection);
  const ask = () => fetch(gateway.origin + products, { headers: { authorization: 'Bearer short' } });
  await ask();
  expect(await gateway.readMetrics()).toContain('connection="short"');
  gateway.counts.observe({ type: 'deleted', connection });
  await ask();
  expect(await gateway.readMetrics()).not.toContain('connection="short"');
});

test('a use is reported for both Connections of a pair, and not when it was refused', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  gateway.add(buildConnection('dam', { roleRef: { name: 'gone' } }));
  const ask = (token: string) => fetch(gateway.origin + products, { headers: { authorization: `Bearer ${token}` } });
  await ask('dam+erp');
  await ask('erp+dam');
  await ask('nobody');
  expect(gateway.uses).toEqual(['dam/erp']);
});

test('a refusal is one line with route, code and decision, and holds nothing that was sent', async () => {
  const upstream = await startUpstream(echo);
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const secret = 'verysecret';
  const lines = `Host: ${secret}\r\nCookie: ${secret}\r\nX-${secret}: ${secret}\r\nContent-Length: 10\r\n`;
  for (const start of [
    `DELETE ${products}/${secret}?q=${secret} HTTP/1.1\r\nAuthorization: Bearer erp\r\n`,
    `POST /${secret}/${secret}?${secret} HTTP/1.1\r\nAuthorization: Bearer ${secret}\r\n`,
    `POST /${secret}/../${secret} HTTP/1.1\r\nAuthorization: Bearer erp\r\n`,
    `POST /oauth/${secret} HTTP/1.1\r\n`,
    `GET /authz HTTP/1.1\r\nX-Original-URI: /${secret}\r\n`,
    `GET /authz/${secret} HTTP/1.1\r\nAuthorization: Bearer erp\r\n`,
  ]) {
    gateway.directory.roles.set('full', { readOnly: true });
    await sendRaw(gateway.port, `${start}${lines}\r\n${secret}`);
  }
  expect(gateway.log).toHaveLength(6);
  expect(gateway.log[0]).toMatchObject({
    level: 'info',
    method: 'DELETE',
    route: `${products}/{code}`,
    status: 403,
    decision: 'forbidden',
    namespace: 'shop',
    code: 'erp',
    msg: 'refused',
  });
  expect(JSON.stringify(gateway.log)).not.toContain(secret);
  expect(await gateway.readMetrics()).not.toContain(secret);
});
