import { readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import type { ConnectionGroup } from '../../src/api/generated/connection-group.ts';
import type { ConnectionRole } from '../../src/api/generated/connection-role.ts';
import { startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { buildConnection } from './build-connection.ts';
import { startTestGateway } from './start-test-gateway.ts';

type Example = Connection | ConnectionRole | ConnectionGroup;
type Page = { readonly items_count: number; readonly _embedded: { readonly items: readonly Record<string, object>[] } };

/** The gateway in front of the sample API, with the connections, roles and groups of three example files. */
async function start() {
  const api = await startSampleApi();
  onTestFinished(() => api.stop());
  const gateway = await startTestGateway({ upstream: api.origin });
  for (const name of ['erp', 'dam', 'ecommerce']) {
    for (const example of loadAll(readFileSync(`examples/${name}.yaml`, 'utf8')) as Example[]) {
      if (example.kind === 'ConnectionRole') gateway.directory.roles.set(name, example.spec as never);
      else if (example.kind === 'ConnectionGroup') gateway.directory.groups.set(name, example.spec as never);
      else gateway.add(buildConnection(name, { roleRef: { name }, groupRef: { name } }));
    }
  }
  return (name: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${gateway.origin}/api/rest/v1/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${name}`, ...(init.headers as Record<string, string>) },
    });
}

const patch = (body: string): RequestInit => ({
  method: 'PATCH',
  body,
  headers: { 'content-type': 'application/vnd.akeneo.collection+json' },
});
const line = (identifier: string, attribute: string, data: unknown): string =>
  JSON.stringify({ identifier, values: { [attribute]: [{ locale: null, scope: null, data }] } });

test('the shop sees what is sold on line, in its languages and without what things cost', async () => {
  const ask = await start();
  const page = (await (await ask('ecommerce', 'products?limit=100&with_count=true')).json()) as Page;
  expect(page.items_count).toBe(20);
  const items = page._embedded.items;
  expect(items).toHaveLength(20);
  for (const { values = {} } of items) {
    expect(Object.keys(values)).toEqual(['name', 'material']);
    expect(JSON.stringify(values)).not.toContain('de_DE');
  }
  expect((await ask('ecommerce', 'products/lamp-002')).status).toBe(404);
  expect((await ask('ecommerce', 'products/boot-001')).status).toBe(200);
});

test('the ERP writes weights and costs, not names', async () => {
  const ask = await start();
  const page = (await (await ask('erp', 'products?limit=1&with_count=true')).json()) as Page;
  expect(page.items_count).toBe(30);
  const lines = [
    line('lamp-002', 'weight', { amount: '1.10', unit: 'KILOGRAM' }),
    line('lamp-002x', 'cost', []),
    line('boot-001', 'name', 'x'),
  ];
  const reply = await ask('erp', 'products', patch(lines.join('\n')));
  const codes = (await reply.text())
    .split('\n')
    .map((text) => (JSON.parse(text) as { status_code: number }).status_code);
  expect(codes).toEqual([204, 201, 403]);
});

test('the DAM sets a picture and nothing else', async () => {
  const ask = await start();
  const lines = [line('tent-003', 'picture', '1/a/f/tent.svg'), line('tent-006', 'weight', null)];
  const reply = await ask('dam', 'products', patch(lines.join('\n')));
  const codes = (await reply.text())
    .split('\n')
    .map((text) => (JSON.parse(text) as { status_code: number }).status_code);
  expect(codes).toEqual([204, 403]);
});
