import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { createNamespace } from '../cluster/control-plane/create-namespace.ts';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { callStatus, login, openSession } from '../cluster/gateway/gateway-client.ts';
import { usePages } from './use-pages.ts';

const scene = usePages();
const readAnything = '/api/rest/v1/categories';
let desk: ConnectionDesk;

beforeAll(async () => {
  desk = new ConnectionDesk(await createNamespace());
});

async function confirm(page: Page, verb: string, typed?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (typed !== undefined) await dialog.getByLabel(/to confirm/).fill(typed);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

const pathOf = (name: string): string => `/connections/${desk.namespace}/${name}`;

test('a connection is created: code proposed, refusals beside their fields, then the manifest applied', async () => {
  const page = await scene.open({ user: 'admin', path: '/create', allowErrors: [/status of 422/] });
  await page.getByLabel('Label', { exact: true }).fill('Shop of Łódź');
  await page.getByLabel('Namespace').selectOption(desk.namespace);
  expect(await page.getByLabel('Code').inputValue()).toBe('Shop_of___d_');
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('shop-of-d');

  await page.getByLabel('Code').fill('no');
  await page.getByLabel('Code').and(page.locator('[aria-invalid="true"]')).waitFor();
  await page.getByLabel('Code').fill('shop_lodz');
  await page.getByLabel('Name', { exact: true }).fill('shop-of-lodz');
  await page.getByRole('radio', { name: /Destination/ }).check();
  await page.getByText('The cluster would accept this').waitFor();
  const yaml = await page.getByLabel('Manifest as YAML').textContent();
  expect(yaml).toContain('  code: shop_lodz\n');
  await page.getByRole('button', { name: 'Apply' }).click();

  await page.waitForURL(`**${pathOf('shop-of-lodz')}`);
  const { spec } = await desk.waitFor('shop-of-lodz', 'Issued');
  expect(spec).toMatchObject({ label: 'Shop of Łódź', code: 'shop_lodz', flowType: 'Destination', tracked: true });
  // What the operator made of it appears by itself.
  await page.getByText(/^shop_lodz_[0-9a-z]{24}$/).waitFor();
});

test('the client id is copied, and the Secret is not on the page', async () => {
  const { status } = await desk.issue('copy');
  const page = await scene.open({ user: 'admin', path: pathOf('copy') });
  await page.getByRole('button', { name: 'Copy the client id' }).click();
  await page.getByText('Copied the client id').waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(status?.clientId);
  await page.getByText(`kubectl connection credentials copy -n ${desk.namespace}`).waitFor();
  const texts = await desk.texts('copy-credentials');
  const shown = await page.content();
  expect([texts['client-secret'], texts.password].filter((value) => shown.includes(value ?? ''))).toEqual([]);
});

test('after a rotation from the page the gateway refuses the old secret and takes the new one', async () => {
  const { gateway } = scene.stage;
  await desk.issue('turn');
  const before = await desk.texts('turn-credentials');
  const { access } = await eventually(() => openSession(gateway, before));
  const page = await scene.open({ user: 'admin', path: pathOf('turn') });
  await page.getByRole('button', { name: 'Rotate the client secret' }).click();
  await page.getByText('The present client secret stops at once').waitFor();
  await confirm(page, 'Rotate');

  const after = await eventually(async () => {
    const texts = await desk.texts('turn-credentials');
    expect(texts['client-secret']).not.toBe(before['client-secret']);
    return texts;
  });
  await eventually(async () => {
    expect((await login(gateway, before)).status).toBe(422);
    expect((await login(gateway, after)).status).toBe(200);
    expect(await callStatus(gateway, readAnything, access)).toBe(401);
  });
  expect(after.password).toBe(before.password);
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByText('Requested: somebody asked for it').waitFor();
});

test('suspended, resumed, revoked and deleted from the page, in force at the gateway each time', async () => {
  const { gateway } = scene.stage;
  await desk.issue('end');
  const texts = await desk.texts('end-credentials');
  const { access } = await eventually(() => openSession(gateway, texts));
  const expectStatus = (status: number): Promise<void> =>
    eventually(async () => expect(await callStatus(gateway, readAnything, access)).toBe(status));
  const page = await scene.open({ user: 'admin', path: pathOf('end') });

  await page.getByRole('button', { name: 'Suspend' }).click();
  await confirm(page, 'Suspend');
  await expectStatus(401);
  await page.getByRole('button', { name: 'Resume' }).click();
  await confirm(page, 'Resume');
  await expectStatus(200);

  await page.getByLabel('More actions').click();
  await page.getByRole('button', { name: 'Revoke all values' }).click();
  await confirm(page, 'Revoke', 'end');
  await expectStatus(401);

  await page.getByLabel('More actions').click();
  await page.getByRole('button', { name: 'Delete connection' }).click();
  await confirm(page, 'Delete', 'end');
  await page.getByRole('heading', { name: 'Connections' }).waitFor();
  await expect(desk.read('end')).rejects.toThrow('404');
});

test('settings are saved, and never over what somebody else changed meanwhile', async () => {
  await desk.issue('form', { rotation: { overlap: '15m' } });
  const page = await scene.open({ user: 'admin', path: `${pathOf('form')}/settings` });
  await page.getByLabel('Label', { exact: true }).fill('Form and function');
  await page.getByRole('radio', { name: /Destination/ }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('No changes').waitFor();
  expect((await desk.read('form')).spec).toMatchObject({
    label: 'Form and function',
    flowType: 'Destination',
    rotation: { overlap: '15m' },
  });

  await page.getByLabel('Label', { exact: true }).fill('Mine');
  await desk.patch('form', { spec: { label: 'Theirs' } });
  await page.getByText('Somebody else changed these settings').waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Take theirs' }).click();
  expect(await page.getByLabel('Label', { exact: true }).inputValue()).toBe('Theirs');
});

test('a picture by file becomes part of the connection, one by address waits for a click', async () => {
  await desk.issue('seen');
  const page = await scene.open({ user: 'admin', path: `${pathOf('seen')}/settings` });
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>';
  const file = { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) };
  await page.getByLabel('Picture file', { exact: true }).setInputFiles(file);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('No changes').waitFor();
  expect((await desk.read('seen')).spec.image).toBe(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);

  await desk.patch('seen', { spec: { image: 'https://images.example.com/logo.png' } });
  // Nothing was asked of that host: the scene would say so.
  await page.getByRole('button', { name: 'Show the picture from images.example.com' }).waitFor();
});

test('a connection that Flux keeps says so where it is edited', async () => {
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  await desk.create('kept', {}, { labels });
  const page = await scene.open({ user: 'admin', path: `${pathOf('kept')}/settings` });
  await page.getByText('Flux Kustomization flux-system/apps owns this').first().waitFor();
});
