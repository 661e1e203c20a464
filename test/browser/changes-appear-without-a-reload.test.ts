import { beforeAll, expect, test } from 'vitest';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { createNamespace } from '../cluster/control-plane/create-namespace.ts';
import { usePages } from './use-pages.ts';

const scene = usePages();
let desk: ConnectionDesk;

beforeAll(async () => {
  desk = new ConnectionDesk(await createNamespace());
});

test('created, renamed and deleted elsewhere, the list follows', async () => {
  const page = await scene.open({ user: 'admin', path: `/?in=${desk.namespace}` });
  await page.getByText('Live', { exact: true }).waitFor();
  await desk.create('live', { label: 'Just made' });
  await page.getByRole('link', { name: 'Just made' }).waitFor();
  await desk.patch('live', { spec: { label: 'Called otherwise' } });
  await page.getByRole('link', { name: 'Called otherwise' }).waitFor();
  await desk.delete('live');
  await page.getByRole('link', { name: 'Called otherwise' }).waitFor({ state: 'detached' });
});

test('the search finds by label, code and role; the key / goes to it; the filter is in the address', async () => {
  await desk.create('one', { label: 'First of them' });
  await desk.create('two', { label: 'Second of them', code: 'second_code', roleRef: { name: 'some-role' } });
  const page = await scene.open({ user: 'admin', path: `/?in=${desk.namespace}` });
  await page.getByRole('link', { name: 'First of them' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('role:some-role');
  await page.getByRole('link', { name: 'First of them' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Second of them' }).waitFor();
  expect(new URL(page.url()).searchParams.get('q')).toBe('role:some-role');
  await page.keyboard.press('Tab');
  await page.getByLabel('Search connections').fill('nothing like it');
  await page.getByText('Nothing matches').waitFor();
});
