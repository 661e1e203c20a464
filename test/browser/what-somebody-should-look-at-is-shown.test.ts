import { beforeAll, expect, test } from 'vitest';
import { flowPaths, type WarningReport } from '../../src/api/flow-report.ts';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { createNamespace } from '../cluster/control-plane/create-namespace.ts';
import { eventually } from '../cluster/control-plane/eventually.ts';
import { login } from '../cluster/gateway/gateway-client.ts';
import { tokenOf, usePages } from './use-pages.ts';

const scene = usePages();
let desk: ConnectionDesk;

/** One logs in with the username of the other, and the other with a password that was rotated. */
beforeAll(async () => {
  desk = new ConnectionDesk(await createNamespace());
  const own = { roleRef: { name: 'user' }, groupRef: { name: 'all' } };
  await Promise.all([
    desk.issue('borrowing', { ...own, label: 'Borrows a username' }),
    desk.issue('outdated', { ...own, label: 'Has an old password' }),
    desk.issue('plain', { ...own, label: 'Plain and simple', flowType: 'Destination' }),
  ]);
  const { gateway, admin } = scene.stage;
  const [borrowing, outdated] = [await desk.texts('borrowing-credentials'), await desk.texts('outdated-credentials')];
  const { username = '', password = '' } = outdated;
  await eventually(async () => expect((await login(gateway, { ...borrowing, username, password })).status).toBe(200));
  await desk.request('outdated', 'connect.pim.dev/rotate-password', 'for-the-warning');
  await eventually(async () => expect((await login(gateway, outdated)).status).toBe(422));
  await eventually(async () => {
    const headers = { authorization: `Bearer ${tokenOf('admin')}` };
    const answer = await fetch(`${admin}${flowPaths.warnings}?namespace=${desk.namespace}`, { headers });
    const { warnings } = (await answer.json()) as WarningReport;
    expect(warnings.map(({ kind }) => kind).toSorted()).toEqual(['otherClientId', 'otherUsername', 'retiredValue']);
  });
}, 120_000);

test('a wrong pair and a retired value in the list and on their pages; default role and group are a hint', async () => {
  const page = await scene.open({ user: 'admin' });
  await page.getByLabel('Namespace').selectOption(desk.namespace);
  const row = (label: string) => page.getByRole('row').filter({ hasText: label });
  await row('Borrows a username').getByText('Wrong username +2').waitFor();
  await row('Has an old password').getByText('Wrong username +3').waitFor();
  await row('Plain and simple').getByText('Default role +1').waitFor();
  expect(new URL(page.url()).searchParams.get('in')).toBe(desk.namespace);

  await page.getByRole('button', { name: 'Needs attention 2' }).click();
  await row('Plain and simple').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Has an old password' }).click();
  await page.getByText('A connector still presents a retired password').waitFor();
  await page.getByText('which sees and edits the whole catalog: give it a group of its own').waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'Borrows a username' }).click();
  await page.getByText('We noticed that you are using the').waitFor();
});
