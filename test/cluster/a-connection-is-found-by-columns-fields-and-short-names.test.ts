import { beforeAll, expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { writeAs } from './manifests/write-as.ts';

const cluster = sharedCluster();
let namespace = '';

const get = async (...args: string[]): Promise<string> => {
  const { stdout, stderr } = await cluster.kubectl(['get', '-n', namespace, ...args]);
  return stdout + stderr;
};

beforeAll(async () => {
  namespace = await createNamespace();
  const path = collectionPath('Connection', namespace);
  const erp = buildConnection('erp', { label: 'The ERP', tracked: true });
  const shop = buildConnection('shop', {
    flowType: 'Destination',
    roleRef: { name: 'shop' },
    groupRef: { name: 'shop' },
  });
  for (const body of [erp, shop]) await writeAs(cluster, undefined, { method: 'POST', path, body });
  const status = {
    code: 'erp_code',
    clientId: 'erp_client',
    username: 'erp_0001',
    binding: { name: 'erp-credentials' },
    rotation: { lastRotated: new Date().toISOString() },
    lastUsedDate: '2026-01-02',
  };
  await writeAs(cluster, undefined, { method: 'PATCH', path: `${path}/erp/status`, body: { status } });
});

test('columns', async () => {
  const [header = '', row = ''] = (await get('conn', 'erp')).split('\n');
  expect(header.split(/ {2,}/)).toEqual(['NAME', 'LABEL', 'FLOW', 'TRACKED', 'READY', 'REASON', 'AGE']);
  expect(row.split(/ {2,}/).slice(0, 6)).toEqual(['erp', 'The ERP', 'Source', 'true', 'Unknown', 'Pending']);
});

test('wide columns', async () => {
  const [header = '', row = ''] = (await get('conn', 'erp', '-o', 'wide')).split('\n');
  const wide = ['CLIENT ID', 'USERNAME', 'ROLE', 'GROUP', 'SECRET', 'ROTATED', 'LAST USED'];
  expect(header.split(/ {2,}/).slice(7)).toEqual(wide);
  const cells = row.split(/ {2,}/).slice(7);
  expect(cells.slice(0, 5)).toEqual(['erp_client', 'erp_0001', 'user', 'all', 'erp-credentials']);
  expect(cells[5]).toMatch(/^\d+s$/);
  expect(cells[6]).toBe('2026-01-02');
});

test.each([
  ['spec.flowType=Destination', 'shop'],
  ['spec.tracked=true', 'erp'],
  ['spec.roleRef.name=user', 'erp'],
  ['spec.groupRef.name=shop', 'shop'],
  ['status.code=erp_code', 'erp'],
  ['status.clientId=erp_client', 'erp'],
])('--field-selector %s finds %s', async (selector, name) => {
  expect(await get('connections', '-o', 'name', '--field-selector', selector)).toBe(
    `connection.connect.pim.dev/${name}\n`,
  );
});

test('short names and category', async () => {
  expect(await get('connect', '-o', 'name')).toContain('connection.connect.pim.dev/erp\n');
  expect(await get('connrole', 'absent')).toContain('connectionroles.connect.pim.dev "absent" not found');
  expect(await get('conngroup', 'absent')).toContain('connectiongroups.connect.pim.dev "absent" not found');
});

test('the CRD is labelled as a Provisioned Service', async () => {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/connections.connect.pim.dev';
  const { body } = await cluster.request<{ metadata: { labels: Record<string, string> } }>({ path });
  expect(body.metadata.labels['servicebinding.io/provisioned-service']).toBe('true');
});
