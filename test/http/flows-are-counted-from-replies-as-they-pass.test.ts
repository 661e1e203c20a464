import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { buildSmallPim, smallGroup } from '../unit/gateway/catalog/pim/small-pim.ts';
import { buildConnection } from './build-connection.ts';
import { startSamplePim } from './start-sample-pim.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';
import { startUpstream } from './start-upstream.ts';

const root = '/api/rest/v1';
const collection = 'application/vnd.akeneo.collection+json';
const full = { roleRef: { name: 'full' }, tracked: true } as const;

/** A gateway with one connection of each kind, tracked. */
async function start(upstream: string): Promise<TestGateway> {
  const gateway = await startTestGateway({ upstream });
  gateway.add(buildConnection('source', { ...full, flowType: 'Source' }));
  gateway.add(buildConnection('target', { ...full, flowType: 'Destination' }));
  gateway.add(buildConnection('other', { ...full, flowType: 'Other' }));
  gateway.add(buildConnection('idle', { ...full, flowType: 'Source', tracked: false }));
  return gateway;
}

async function call(gateway: TestGateway, token: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers };
  const response = await fetch(gateway.origin + root + path, { ...init, headers });
  await response.arrayBuffer();
  return response;
}

/** Waits until the gateway is through with everything: a reply is counted right after its last byte. */
const counted = (gateway: TestGateway, ...flows: readonly object[]): Promise<void> =>
  eventually(() => expect(gateway.flows.map(({ counts }) => dropZeros(counts))).toEqual(flows));

const dropZeros = (counts: object): object =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

describe('products of a source', () => {
  test('are created and changed by single writes', async () => {
    const api = await startSampleApi();
    const gateway = await start(api.origin);
    const write = (method: string, path: string, body: object) =>
      call(gateway, 'source', path, { method, body: JSON.stringify(body) });
    await write('POST', '/products', { identifier: 'new' });
    await write('PATCH', '/products/new', { enabled: false });
    await write('PATCH', '/products/a/b', { enabled: false });
    await call(gateway, 'source', '/products/new', { method: 'DELETE' });
    await write('PATCH', '/categories/tents', { labels: {} });
    await call(gateway, 'source', '/products');
    await counted(gateway, { created: 1 }, { updated: 1 }, { created: 1 });
    await api.stop();
  });

  test('are counted line by line in collections, with their errors', async () => {
    const api = await startSampleApi();
    const gateway = await start(api.origin);
    const lines = [
      '{"identifier":"new"}',
      '{"identifier":"tent-003"}',
      'no',
      '{"enabled":true}',
      '{"identifier":"new"}',
    ];
    const body = lines.join('\n');
    await call(gateway, 'source', '/products', { method: 'PATCH', body, headers: { 'content-type': collection } });
    await counted(gateway, { created: 1, updated: 2, technical: 1, business: 1 });
    expect(gateway.flows[0]?.errors).toEqual([{ message: 'identifier is missing.' }]);
    expect(gateway.flows[0]?.route).toBe(`PATCH ${root}/products`);
    await api.stop();
  });

  test('are refused for reasons that are business, technical, or neither', async () => {
    const replies = new Map([
      [
        '/products/long',
        [422, { message: 'Validation failed.', errors: [{ message: 'Too long.', attribute: 'name' }] }],
      ],
      ['/products/odd', [422, { message: 'Property "odd" does not exist.' }]],
      ['/products/broken', [400, { message: 'Invalid json message received' }]],
      ['/products/gone', [404, { message: 'Product does not exist.' }]],
      ['/products/busy', [429, { message: 'Too many.' }]],
    ] as const);
    const upstream = await startUpstream((incoming, response) => {
      const [status, body] = replies.get((incoming.url ?? '').slice(root.length) as never) ?? [500, {}];
      incoming.resume();
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const gateway = await start(upstream.origin);
    for (const path of replies.keys()) await call(gateway, 'source', path, { method: 'PATCH', body: '{}' });
    await call(gateway, 'source', '/products/long', { method: 'DELETE' });
    await counted(gateway, { business: 1 }, { technical: 1 }, { technical: 1 }, { business: 1 });
    expect(gateway.flows[0]?.errors).toEqual([{ message: 'Too long.', product: 'long', attribute: 'name' }]);
    expect(gateway.flows[1]?.errors).toEqual([]);
    expect(await gateway.readMetrics()).toContain(
      'connection_flow_errors_total{namespace="shop",connection="source",type="business"} 2',
    );
  });

  test('are written though the client is gone before the reply is through', async () => {
    const upstream = await startUpstream((incoming, response) => {
      incoming.resume();
      response.writeHead(200, { 'content-type': collection });
      response.write('{"line":1,"identifier":"a","status_code":201}\n{"line":2,"iden');
    });
    const gateway = await start(upstream.origin);
    const headers = { authorization: 'Bearer source', 'content-type': collection };
    const outgoing = request(`${gateway.origin}${root}/products`, { method: 'PATCH', headers });
    outgoing.on('error', () => undefined);
    outgoing.on('response', (response) => response.once('data', () => outgoing.destroy()));
    outgoing.end('{}');
    await counted(gateway, { created: 1 });
  });
});

describe('products of a destination', () => {
  test('are counted by page, search and one by one, whatever else is in the reply', async () => {
    const api = await startSampleApi();
    const gateway = await start(api.origin);
    await call(gateway, 'target', '/products?limit=7');
    await call(gateway, 'target', '/products?limit=10&page=3');
    await call(gateway, 'target', '/products?limit=10&page=99');
    await call(gateway, 'target', '/products/tent-003');
    await call(gateway, 'target', '/products/nowhere');
    await call(gateway, 'target', '/products?limit=1000');
    await call(gateway, 'target', '/products', { method: 'HEAD' });
    await call(gateway, 'target', '/categories');
    await call(gateway, 'target', '/products', { method: 'POST', body: '{"identifier":"new"}' });
    await counted(gateway, { sent: 7 }, { sent: 10 }, { sent: 1 });
    expect(await gateway.readMetrics()).toContain(
      'connection_flow_products_total{namespace="shop",connection="target",event="sent"} 18',
    );
    await api.stop();
  });

  test('of a restricted group are those that it was sent, not those that the upstream has', async () => {
    const { pim } = buildSmallPim();
    const upstream = await startSamplePim(pim);
    const gateway = await start(upstream.origin);
    gateway.directory.groups.set('some', smallGroup);
    gateway.directory.groups.set('none', {});
    gateway.add(buildConnection('part', { ...full, flowType: 'Destination', groupRef: { name: 'some' } }));
    gateway.add(buildConnection('nothing', { ...full, flowType: 'Destination', groupRef: { name: 'none' } }));
    const page = await fetch(`${gateway.origin}${root}/products?limit=100`, {
      headers: { authorization: 'Bearer part' },
    }).then((response) => response.json() as Promise<{ _embedded: { items: { identifier: string }[] } }>);
    const seen = page._embedded.items;
    expect(seen.length).toBeGreaterThan(0);
    await call(gateway, 'part', `/products/${seen[0]?.identifier}`);
    await call(gateway, 'part', '/products/hidden');
    await call(gateway, 'nothing', '/products');
    await counted(gateway, { sent: seen.length }, { sent: 1 });
  });

  test('do not count when the client did not get them', async () => {
    const upstream = await startUpstream((_incoming, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"_embedded":{"items":[{"identifier":"a"},');
    });
    const gateway = await start(upstream.origin);
    const outgoing = request(`${gateway.origin}${root}/products`, { headers: { authorization: 'Bearer target' } });
    outgoing.on('error', () => undefined);
    outgoing.on('response', (response) => response.once('data', () => outgoing.destroy()));
    outgoing.end();
    await eventually(() => expect(gateway.log.some(({ reason }) => reason === 'the client broke off')).toBe(true));
    expect(gateway.flows).toEqual([]);
  });
});

describe('nothing is counted', () => {
  test('without tracking, for other connections, and for a pair of two', async () => {
    const api = await startSampleApi();
    const gateway = await start(api.origin);
    const write = { method: 'PATCH', body: '{"enabled":true}' };
    await call(gateway, 'idle', '/products/tent-003', write);
    await call(gateway, 'other', '/products/tent-003', write);
    await call(gateway, 'other', '/products');
    await call(gateway, 'source+target', '/products');
    await call(gateway, 'target+source', '/products/tent-003', write);
    await call(gateway, 'source', '/products/tent-003', write);
    await counted(gateway, { updated: 1 });
    expect(gateway.flows[0]?.connection.metadata.name).toBe('source');
    await api.stop();
  });

  test('from the moment on at which tracking ends, also for a call under way', async () => {
    let answer = (): void => undefined;
    const upstream = await startUpstream((incoming, response) => {
      incoming.resume();
      answer = () => void response.writeHead(204).end();
    });
    const gateway = await start(upstream.origin);
    const pending = call(gateway, 'source', '/products/a', { method: 'PATCH', body: '{}' });
    await eventually(() => expect(upstream.requests).toHaveLength(1));
    await sleep(0);
    gateway.add(buildConnection('source', { ...full, flowType: 'Source', tracked: false }));
    answer();
    expect((await pending).status).toBe(204);
    const later = call(gateway, 'source', '/products/a', { method: 'PATCH', body: '{}' });
    await eventually(() => expect(upstream.requests).toHaveLength(2));
    answer();
    await later;
    gateway.add(buildConnection('source', { ...full, flowType: 'Source' }));
    const last = call(gateway, 'source', '/products/a', { method: 'PATCH', body: '{}' });
    await eventually(() => expect(upstream.requests).toHaveLength(3));
    answer();
    await last;
    await counted(gateway, { updated: 1 });
  });
});

test('the series of a tracked connection begin at 0 and go with it', async () => {
  const api = await startSampleApi();
  const gateway = await start(api.origin);
  const series = async (): Promise<string[]> =>
    (await gateway.readMetrics()).split('\n').filter((line) => line.startsWith('connection_flow_'));
  expect(await series()).toEqual([
    'connection_flow_products_total{namespace="shop",connection="source",event="created"} 0',
    'connection_flow_products_total{namespace="shop",connection="source",event="updated"} 0',
    'connection_flow_products_total{namespace="shop",connection="target",event="sent"} 0',
    'connection_flow_errors_total{namespace="shop",connection="source",type="business"} 0',
    'connection_flow_errors_total{namespace="shop",connection="source",type="technical"} 0',
    'connection_flow_tracked{namespace="shop",connection="source"} 1',
    'connection_flow_tracked{namespace="shop",connection="target"} 1',
  ]);
  for (const name of ['source', 'target']) {
    gateway.totals.observe({ type: 'deleted', connection: buildConnection(name) });
  }
  expect(await series()).toEqual([]);
  await api.stop();
});
