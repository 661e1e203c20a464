import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { createNamespace } from '../cluster/control-plane/create-namespace.ts';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { login, type Texts } from '../cluster/gateway/gateway-client.ts';
import { usePages } from './use-pages.ts';

const scene = usePages();
let desk: ConnectionDesk;

beforeAll(async () => {
  desk = new ConnectionDesk(await createNamespace());
});

/** The values of `overlapping` once this one changed. */
function readAfter(before: Texts, key: string): Promise<Texts> {
  return eventually(async () => {
    const texts = await desk.texts('overlapping-credentials');
    expect(texts[key]).not.toBe(before[key]);
    return texts;
  });
}

async function openDialog(page: Page, button: string): Promise<string> {
  await page.getByRole('button', { name: button, exact: true }).click();
  return page.getByRole('dialog').innerText();
}

async function confirm(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('with an overlap: until when the old value works, which it then does; without: that it stops at once', async () => {
  const { gateway } = scene.stage;
  await desk.issue('overlapping', { rotation: { overlap: '15m' } });
  const first = await desk.texts('overlapping-credentials');
  const page = await scene.open({ user: 'admin', path: `/connections/${desk.namespace}/overlapping` });

  const password = await openDialog(page, 'Rotate the password');
  expect(password).toMatch(/The present password works on until .+ \(overlap 15m\), next to the new\./);
  expect(password).toContain('The new value is written to Secret overlapping-credentials.');
  // Escape is a no, and the keyboard is back where it was.
  await page.keyboard.press('Escape');
  // Gone and not only closed: keys come before the event that says so.
  await page.locator('dialog').waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Rotate the password');
  await page.keyboard.press('Enter');
  await confirm(page, 'Rotate');
  const second = await readAfter(first, 'password');
  expect(second['client-secret']).toBe(first['client-secret']);
  await page.getByText('the one before works until').waitFor();
  expect((await login(gateway, first)).status).toBe(200);
  await eventually(async () => expect((await login(gateway, second)).status).toBe(200));

  await desk.patch('overlapping', { spec: { rotation: null } });
  await page.getByText('0s: old values stop at once').waitFor();
  expect(await openDialog(page, 'Rotate both')).toContain(
    'The present client secret and password stop at once: there is no overlap (rotation.overlap).',
  );
  await confirm(page, 'Rotate both');
  const third = await readAfter(second, 'client-secret');
  expect(third.password).not.toBe(second.password);
  await eventually(async () => {
    expect((await login(gateway, second)).status).toBe(422);
    expect((await login(gateway, third)).status).toBe(200);
  });
});

test('a suspension, a revoke and a deletion say what they end, and the last two ask for the name', async () => {
  await desk.issue('staying');
  const page = await scene.open({ user: 'admin', path: `/connections/${desk.namespace}/staying` });
  expect(await openDialog(page, 'Suspend')).toContain('Every login and every call of this connection is refused');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  for (const [button, verb, ends] of [
    ['Revoke all values', 'Revoke', 'Client secret and password stop at once, whatever the overlap says'],
    ['Delete connection', 'Delete', 'Secret staying-credentials is deleted with it'],
  ] as const) {
    await page.getByLabel('More actions').click();
    expect(await openDialog(page, button)).toContain(ends);
    const dialog = page.getByRole('dialog');
    const act = dialog.getByRole('button', { name: verb, exact: true });
    expect(await act.isEnabled()).toBe(false);
    await dialog.getByLabel(/to confirm/).fill('stayin');
    expect(await act.isEnabled()).toBe(false);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  const { metadata } = await desk.read('staying');
  expect(metadata.annotations).toBeUndefined();
});
