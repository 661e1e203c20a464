import { beforeAll, expect, test } from 'vitest';
import { ConnectionDesk } from '../cluster/connections/connection-desk.ts';
import { createNamespace } from '../cluster/control-plane/create-namespace.ts';
import { sharedCluster } from '../cluster/control-plane/shared-cluster.ts';
import { bindClusterRole } from '../cluster/manifests/grant-rights.ts';
import { usePages } from './use-pages.ts';

const scene = usePages();
let own: ConnectionDesk;
let other: ConnectionDesk;

beforeAll(async () => {
  own = new ConnectionDesk(await createNamespace());
  other = new ConnectionDesk(await createNamespace());
  await bindClusterRole(sharedCluster(), 'bob', own.namespace, 'view');
  await own.create('mine', { label: 'Mine to see' });
  await other.create('theirs', { label: 'Theirs alone' });
});

test('who may not list namespaces names them; what may not be seen there is not on the page', async () => {
  const page = await scene.open({ user: 'bob', allowErrors: [/status of 403/] });
  await page.getByText('Which namespaces?').waitFor();
  await page.getByRole('button', { name: 'Name namespaces' }).click();
  await page.getByLabel('Namespaces', { exact: true }).fill(`${own.namespace}, ${other.namespace}`);
  await page.getByRole('button', { name: 'Show these' }).click();

  await page.getByRole('link', { name: 'Mine to see' }).waitFor();
  await page.getByText(`${other.namespace}:`).waitFor();
  expect(await page.getByText('Theirs alone').count()).toBe(0);

  // Remembered in this browser.
  await page.reload();
  await page.getByRole('link', { name: 'Mine to see' }).click();
  // As soon as the cluster was asked what the viewer may do.
  await page.getByRole('button', { name: 'Suspend', disabled: true }).waitFor();
});

test('an address of another namespace shows nothing of it', async () => {
  const path = `/connections/${other.namespace}/theirs`;
  const allowErrors = [/status of 403/];
  const page = await scene.open({ user: 'bob', path, allowErrors });
  await page.getByText('No connection theirs in namespace').waitFor();
  expect(await page.content()).not.toContain('Theirs alone');
});

test('an address that names namespaces shows what may be seen there, and asks for no name', async () => {
  const path = `/?namespace=${own.namespace},${other.namespace}`;
  const page = await scene.open({ user: 'bob', path, allowErrors: [/status of 403/] });
  await page.getByRole('link', { name: 'Mine to see' }).waitFor();
  await page.getByText(`${other.namespace}:`).waitFor();
  expect(await page.content()).not.toContain('Theirs alone');
});
