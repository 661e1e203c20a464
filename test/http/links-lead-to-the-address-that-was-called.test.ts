import { expect, onTestFinished, test } from 'vitest';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { startTestGateway, type TestGateway } from './start-test-gateway.ts';
import { startUpstream } from './start-upstream.ts';

const headers = { authorization: 'Bearer erp' };

async function startBoth(config = ''): Promise<{ readonly api: SampleApi; readonly gateway: TestGateway }> {
  const api = await startSampleApi();
  onTestFinished(() => api.stop());
  return { api, gateway: await startTestGateway({ upstream: api.origin, config }) };
}

async function readJson(address: string): Promise<Record<string, unknown>> {
  const answer = await fetch(address, { headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

interface Page {
  readonly _links: { readonly next?: { readonly href: string } };
  readonly _embedded: { readonly items: readonly { readonly identifier: string }[] };
}

test('a client that follows links through all pages stays at the gateway', async () => {
  const { api, gateway } = await startBoth();
  const seen: string[] = [];
  let next: string | undefined = `${gateway.origin}/api/rest/v1/products?limit=7`;
  while (next !== undefined) {
    expect(next.startsWith(`${gateway.origin}/api/rest/v1/products?`)).toBe(true);
    const page = (await readJson(next)) as unknown as Page;
    seen.push(...page._embedded.items.map(({ identifier }) => identifier));
    next = page._links.next?.href;
    expect(JSON.stringify(page)).not.toContain(api.origin);
  }
  expect(seen).toEqual([...api.data.products.keys()]);
});

test('Location and links of one file lead to the gateway, and its bytes come as they are', async () => {
  const { api, gateway } = await startBoth();
  const body = new FormData();
  body.set(
    'file',
    new File([`see ${api.origin}/api "_links":{"x":{"href":"${api.origin}"}}`], 'a.json', { type: 'application/json' }),
  );
  const created = await fetch(`${gateway.origin}/api/rest/v1/media-files`, { method: 'POST', body, headers });
  const location = created.headers.get('location') ?? '';
  expect([created.status, location.startsWith(`${gateway.origin}/api/rest/v1/media-files/`)]).toEqual([201, true]);
  const file = await readJson(location);
  const links = file._links as Readonly<Record<string, { readonly href: string }>>;
  expect(links.self?.href).toBe(location);
  const download = await fetch(links.download?.href ?? '', { headers });
  expect(await download.text()).toContain(`see ${api.origin}/api`);
  expect(download.headers.get('content-length')).not.toBeNull();
});

test('publicUrl is where links lead, whatever Host was sent', async () => {
  const { gateway } = await startBoth('publicUrl: https://api.example.com/pim\n');
  const { _links } = (await readJson(`${gateway.origin}/api/rest/v1/products?limit=1`)) as {
    _links: Readonly<Record<string, { readonly href: string }>>;
  };
  expect(_links.next?.href).toBe('https://api.example.com/pim/api/rest/v1/products?limit=1&page=2');
});

test('behind a trusted proxy the address that it was called by counts', async () => {
  const { gateway } = await startBoth('trustedProxies: [127.0.0.0/8]\n');
  const answer = await fetch(`${gateway.origin}/api/rest/v1/families`, {
    headers: { ...headers, 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https' },
  });
  expect(await answer.text()).toContain('"href":"https://shop.example/api/rest/v1/families');
});

test('a reply that is not changed keeps its length, one that is does not', async () => {
  const { gateway } = await startBoth();
  const list = await fetch(`${gateway.origin}/api/rest/v1/families`, { headers });
  expect(list.headers.get('content-length')).toBeNull();
  const head = await fetch(`${gateway.origin}/api/rest/v1/families`, { headers, method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, null, '']);
  const patched = await fetch(`${gateway.origin}/api/rest/v1/families/equipment`, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"labels":{}}',
  });
  expect([patched.status, await patched.text()]).toEqual([204, '']);
});

test('what is compressed all the same passes as it came', async () => {
  const bytes = Buffer.from('1f8b0800000000000003', 'hex');
  const upstream = await startUpstream((request, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-encoding': 'x-own',
      'content-length': bytes.length,
      'x-asked': request.headers['accept-encoding'],
    });
    response.end(bytes);
  });
  const gateway = await startTestGateway({ upstream: upstream.origin });
  const answer = await fetch(`${gateway.origin}/api/rest/v1/products`, { headers });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  expect([answer.headers.get('x-asked'), answer.headers.get('content-length')]).toEqual(['identity', '10']);
});

test('parts of a file of another API can be asked for', async () => {
  const upstream = await startUpstream((request, response) => {
    response.writeHead(206, { 'content-type': 'application/json', 'x-asked': request.headers.range ?? 'all' });
    response.end('{"_links":{"self":{"href":"/x"}}}');
  });
  const gateway = await startTestGateway({ upstream: upstream.origin });
  gateway.directory.roles.set('full', { rules: [{ methods: ['GET'], paths: ['/files/*'] }] });
  const part = await fetch(`${gateway.origin}/files/a`, { headers: { ...headers, range: 'bytes=0-9' } });
  expect([part.headers.get('x-asked'), await part.text()]).toEqual(['bytes=0-9', '{"_links":{"self":{"href":"/x"}}}']);
  const whole = await fetch(`${gateway.origin}/files/a`, { headers });
  expect([whole.headers.get('x-asked'), await whole.text()]).toEqual([
    'all',
    `{"_links":{"self":{"href":"${gateway.origin}/x"}}}`,
  ]);
});
