import { beforeAll, expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { everything, grantEverywhere, grantInNamespace } from './manifests/grant-rights.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { type Verdict, writeAs } from './manifests/write-as.ts';

const cluster = sharedCluster();
const owner = cluster.kubeconfigFor('alice');
const role = 'bind-test-role';
const otherRole = 'bind-test-other-role';
let connections = '';

const create = (name: string, spec: object): Promise<Verdict> =>
  writeAs(cluster, owner, { method: 'POST', path: connections, body: buildConnection(name, spec) });
const patch = (name: string, body: object): Promise<Verdict> =>
  writeAs(cluster, owner, { method: 'PATCH', path: `${connections}/${name}`, body });

beforeAll(async () => {
  const namespace = await createNamespace();
  connections = collectionPath('Connection', namespace);
  await grantInNamespace(cluster, 'alice', namespace, everything);
});

test('the owner of everything in a namespace creates a Connection with the default role and group', async () => {
  expect(await create('plain', {})).toMatchObject({ status: 201 });
});

test('but with no other role or group, and the answer says whom to ask for what', async () => {
  const withRole = await create('with-role', { roleRef: { name: role } });
  expect(withRole).toMatchObject({ status: 403 });
  expect(withRole.message).toContain(`you may not put the ConnectionRole ${role} on a Connection: choose another one`);
  expect(withRole.message).toContain(`resources connectionroles, resourceNames ${role}, verbs bind`);

  const withGroup = await create('with-group', { groupRef: { name: 'bind-test-group' } });
  expect(withGroup).toMatchObject({ status: 403 });
  expect(withGroup.message).toContain('you may not put the ConnectionGroup bind-test-group on a Connection');
});

test('nor afterwards, by an update', async () => {
  await create('later', {});
  expect(await patch('later', { spec: { roleRef: { name: role } } })).toMatchObject({ status: 403 });
  expect(await patch('later', { spec: { groupRef: { name: role } } })).toMatchObject({ status: 403 });
});

test('with bind on one role, that role may be set and kept, and no other', async () => {
  const rule = {
    apiGroups: ['connect.pim.dev'],
    resources: ['connectionroles'],
    resourceNames: [role],
    verbs: ['bind'],
  };
  await grantEverywhere(cluster, 'alice', [rule]);
  await eventually(async () => {
    expect(await create('granted', { roleRef: { name: role } })).toMatchObject({ status: 201 });
  });
  expect(await patch('granted', { spec: { roleRef: { name: otherRole } } })).toMatchObject({ status: 403 });
});

test('what the platform team put there may be edited otherwise without bind', async () => {
  const body = buildConnection('given', { roleRef: { name: otherRole }, groupRef: { name: otherRole } });
  await writeAs(cluster, undefined, { method: 'POST', path: connections, body });
  expect(await patch('given', { spec: { label: 'Another label', suspend: true } })).toMatchObject({ status: 200 });
  expect(await patch('given', { metadata: { labels: { team: 'a' } } })).toMatchObject({ status: 200 });
});
