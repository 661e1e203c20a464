import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { createNamespace } from '../cluster/control-plane/create-namespace.ts';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { sharedCluster } from '../cluster/control-plane/shared-cluster.ts';
import { callStatus, login, openSession } from '../cluster/gateway/gateway-client.ts';
import { trustedPicture } from './stage/trusted-image-host.ts';
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

test('client id, username and command are copied, and the Secret is not on the page', async () => {
  const { status } = await desk.issue('copy');
  const page = await scene.open({ user: 'admin', path: pathOf('copy') });
  const command = `kubectl connection credentials copy -n ${desk.namespace}`;
  for (const [what, text] of [
    ['client id', status?.clientId],
    ['username', status?.username],
    ['command', command],
  ]) {
    await page
      .getByRole('button', { name: `Copy the ${what}` })
      .first()
      .click();
    await page.getByText(`Copied the ${what}`).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(text);
  }
  await page.getByText(command).waitFor();
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

test('a picture by file becomes part of the connection', async () => {
  await desk.issue('seen');
  const page = await scene.open({ user: 'admin', path: `${pathOf('seen')}/settings` });
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>';
  const file = { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) };
  await page.getByLabel('Picture file', { exact: true }).setInputFiles(file);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('No changes').waitFor();
  expect((await desk.read('seen')).spec.image).toBe(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);

  expect(await page.locator('h1').locator('..').locator('..').locator('img').getAttribute('src')).toMatch(
    /^data:image/,
  );
});

test('a picture by address tells its host of nobody before a click; hosts that are trusted need none', async () => {
  const foreign = 'https://images.example.com/logo.svg';
  await desk.issue('seen-elsewhere');
  const page = await scene.open({
    user: 'admin',
    path: `${pathOf('seen-elsewhere')}/settings`,
    pictures: [foreign],
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByLabel('Picture', { exact: true }).fill(foreign);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('No changes').waitFor();
  expect((await desk.read('seen-elsewhere')).spec.image).toBe(foreign);

  const show = page.getByRole('button', { name: 'Show the picture from images.example.com' });
  await show.waitFor();
  expect(asked).not.toContain(foreign);
  await show.click();
  await page.getByTitle('Picture of').waitFor();
  await eventually(() => expect(asked).toContain(foreign));

  await desk.patch('seen-elsewhere', { spec: { image: trustedPicture } });
  await page.locator(`img[src="${trustedPicture}"]`).waitFor();
  await eventually(() => expect(asked).toContain(trustedPicture));
});

test('what Argo CD or Flux keeps says so where it is edited', async () => {
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  await desk.create('kept', {}, { labels });
  const page = await scene.open({ user: 'admin', path: `${pathOf('kept')}/settings` });
  const above = page.getByRole('main');
  await above.getByText('Flux Kustomization flux-system/apps owns this').first().waitFor();
  expect(await above.getByText('owns this').count()).toBe(2);

  const annotations = { 'argocd.argoproj.io/tracking-id': 'shops:connect.pim.dev/Connection:any/kept' };
  await desk.patch('kept', {
    metadata: {
      labels: { 'kustomize.toolkit.fluxcd.io/name': null, 'kustomize.toolkit.fluxcd.io/namespace': null },
      annotations,
    },
  });
  await above.getByText('Argo CD application shops owns this').first().waitFor();
  expect(await above.getByText('owns this').count()).toBe(2);
  // It is a warning and no lock: who knows better may save.
  await page.getByLabel('Label', { exact: true }).fill('Kept by hand');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('No changes').waitFor();
});

test('with tracking by label Argo CD is known by what it wrote', async () => {
  await desk.create('labelled', {}, { labels: { 'app.kubernetes.io/instance': 'shops' } });
  const page = await scene.open({ user: 'admin', path: pathOf('labelled') });
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.getByText('owns this').count()).toBe(0);
  const path = `/apis/connect.pim.dev/v1beta1/namespaces/${desk.namespace}/connections/labelled`;
  const body = { metadata: { annotations: { 'example.com/synced': 'yes' } } };
  await sharedCluster().request({ method: 'PATCH', path: `${path}?fieldManager=argocd-controller`, body });
  await page.getByText('Argo CD application shops owns this').waitFor();
});

test('the theme is chosen by a button and kept; whoever signs out is out in every tab', async () => {
  const page = await scene.open({ user: 'admin' });
  const ground = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).colorScheme');
  await page.getByRole('button', { name: 'Theme: as the system. Switch to light' }).click();
  await page.getByRole('button', { name: 'Theme: light. Switch to dark' }).click();
  await page.getByRole('button', { name: 'Theme: dark. Switch to as the system' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Theme: dark. Switch to as the system' }).waitFor();
  expect(await ground()).toBe('dark');
  await page.getByRole('button', { name: 'Theme: dark. Switch to as the system' }).click();
  expect(await ground()).toBe('light');

  const other = await page.context().newPage();
  await other.goto('/flows');
  await other.getByText('Live', { exact: true }).waitFor();
  const menu = page.getByLabel(/^Signed in as/);
  await menu.click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'hidden' });
  await menu.click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  await other.getByText('You signed out').waitFor();
  await page.reload();
  await page.getByLabel('Token').waitFor();
});
