import { beforeAll, expect, test } from 'vitest';
import { type FlowReport, flowPaths } from '../../src/api/flow-report.ts';
import { apiVersion } from '../../src/api/names.ts';
import { rolesPath } from '../../src/kube/resource-paths.ts';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { createNamespace } from '../cluster/control-plane/create-namespace.ts';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { sharedCluster } from '../cluster/control-plane/shared-cluster.ts';
import { callStatus, openSession } from '../cluster/gateway/gateway-client.ts';
import { tokenOf, usePages } from './use-pages.ts';

const scene = usePages();
let desk: ConnectionDesk;
/** UTC hours in which something may have moved. */
const hours: number[] = [];
/** Hours that the viewer is behind UTC: about noon there, so that no midnight comes in between. */
const behind = new Date().getUTCHours() - 12;
/** POSIX counts west of Greenwich as positive. */
const zone = behind === 0 ? 'UTC' : `Etc/GMT${behind < 0 ? behind : `+${behind}`}`;

const writer = {
  apiVersion,
  kind: 'ConnectionRole',
  metadata: { name: 'writes-products' },
  spec: { permissions: ['pim_api_product_list', 'pim_api_product_edit'] },
};

/** Two products, one of them twice: two created, one business error. Another connection creates one. */
beforeAll(async () => {
  desk = new ConnectionDesk(await createNamespace());
  await sharedCluster().request({ method: 'POST', path: rolesPath(), body: writer });
  const spec = { flowType: 'Source', tracked: true, roleRef: { name: writer.metadata.name } } as const;
  await desk.create('flow-one', { ...spec, label: 'First of the sources' });
  await desk.create('flow-two', { ...spec, label: 'Second of the sources' });
  await desk.waitFor('flow-one', 'Issued');
  await desk.waitFor('flow-two', 'Issued');
  hours.push(new Date().getUTCHours());
  await send('flow-one', 'one', 201);
  await send('flow-one', 'two', 201);
  await send('flow-one', 'two', 422);
  await send('flow-two', 'three', 201);
  hours.push(new Date().getUTCHours());
  await eventually(async () => expect(await readCreated()).toBe(3));
}, 120_000);

/** Products that the gateway has written down. The page would ask again after ten seconds. */
async function readCreated(): Promise<number> {
  const headers = { authorization: `Bearer ${tokenOf('admin')}` };
  const answer = await fetch(`${scene.stage.admin}${flowPaths.flows}?namespace=${desk.namespace}`, { headers });
  const { connections } = (await answer.json()) as FlowReport;
  return connections.reduce((sum, { created }) => sum + created, 0);
}

async function send(name: string, product: string, status: number): Promise<void> {
  const { gateway } = scene.stage;
  const { access } = await eventually(async () => openSession(gateway, await desk.texts(`${name}-credentials`)));
  const body = JSON.stringify({ identifier: `${desk.namespace}-${product}`, categories: ['tents'] });
  expect(await callStatus(gateway, '/api/rest/v1/products', access, { method: 'POST', body })).toBe(status);
}

test('all or one, seven days or the hours of today in the time zone of the viewer', async () => {
  const page = await scene.open({ user: 'admin', path: '/flows', timezone: zone });
  const chosen = page.getByRole('combobox', { name: 'Connection' });
  await chosen.locator('option', { hasText: `${desk.namespace}/flow-one` }).waitFor({ state: 'attached' });
  await page.getByText(`Days are those of your time zone (${zone})`).waitFor();
  await chosen.selectOption(`${desk.namespace}/flow-one`);
  await page.getByRole('img', { name: /^Products coming in: Created 2 in 7 days, 2 today; Updated 0/ }).waitFor();
  await page.getByRole('img', { name: /^Errors on source connections: Business 1 in 7 days, 1 today/ }).waitFor();
  // A source takes nothing out, and one connection needs no table of all.
  expect(await page.getByText('Products going out').count()).toBe(0);
  expect(await page.getByText('By connection').count()).toBe(0);
  const panel = page.getByRole('region', { name: 'Products coming in' });
  expect(await panel.locator('tbody tr').count()).toBe(7);

  await page.getByRole('button', { name: 'Today', exact: true }).click();
  await panel.locator('tbody tr').nth(23).waitFor({ state: 'attached' });
  const rows = await panel
    .locator('tbody tr')
    .evaluateAll((found) => found.map((row) => [...row.children].map(({ textContent }) => textContent ?? '')));
  expect(rows).toHaveLength(24);
  const moved = rows.filter(([, created]) => created !== '0');
  expect(moved.reduce((sum, [, created]) => sum + Number(created), 0)).toBe(2);
  const expected = hours.map((hour) => `${String((hour - behind + 24) % 24).padStart(2, '0')}:00`);
  for (const [name = ''] of moved) expect(expected).toContain(name.slice(0, 5));

  await chosen.selectOption(`${desk.namespace}/flow-two`);
  await page.getByRole('img', { name: /^Products coming in: Created 1 in 7 days, 1 today/ }).waitFor();
  // It can be sent to somebody.
  expect(new URL(page.url()).searchParams.get('of')).toBe(`${desk.namespace}/flow-two`);
  await chosen.selectOption('');
  await page.getByText('By connection').waitFor();
});

test('business errors are searched, newest first; where none is collected the page says why', async () => {
  const here = `/connections/${desk.namespace}/flow-one`;
  const page = await scene.open({ user: 'admin', path: `${here}/errors` });
  await page.getByText('1 of 1, newest first').waitFor();
  const search = page.getByRole('searchbox', { name: 'Search errors' });
  await search.fill('nothing like it');
  await page.getByText('Nothing matches').waitFor();
  await search.fill('PRODUCTS already');
  await page.getByText('1 of 1, newest first').waitFor();

  await desk.patch('flow-one', { spec: { tracked: false } });
  await page.getByText('Tracking is off: switch it on in Settings').waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByText('Switch on "Track in Data flows" in Settings').waitFor();
});
