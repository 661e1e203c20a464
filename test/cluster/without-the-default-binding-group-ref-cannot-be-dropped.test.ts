import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyCrds, applyManifests } from '../../tools/apply-project.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { eventually } from './control-plane/eventually.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { bindClusterRole, everything, grantEverywhere, grantInNamespace } from './manifests/grant-rights.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { writeAs } from './manifests/write-as.ts';

const connections = collectionPath('Connection', 'default');
const overlay = mkdtempSync(join(tmpdir(), 'overlay-'));
let cluster: ControlPlane;
let owner = '';

/** An overlay as a platform team writes it: the manifests and both components. */
function writeOverlay(): void {
  const manifests = relative(overlay, join(import.meta.dirname, '../../manifests'));
  const components = ['edit-may-write', 'without-default-bind'].map((name) => `${manifests}/components/${name}`);
  const kustomization = { resources: [manifests], components };
  writeFileSync(join(overlay, 'kustomization.yaml'), JSON.stringify(kustomization));
}

beforeAll(async () => {
  cluster = await startControlPlane({ prepare: ({ kubectl }) => applyCrds(kubectl) });
  await applyManifests(cluster.kubectl);
  writeOverlay();
  await cluster.kubectl(['delete', 'clusterrolebinding', 'connection-defaults']);
  expect(await cluster.kubectl(['apply', '-k', overlay])).toMatchObject({ code: 0 });
  await grantInNamespace(cluster, 'alice', 'default', everything);
  owner = cluster.kubeconfigFor('alice');
  const body = buildConnection('given', { roleRef: { name: 'team' }, groupRef: { name: 'team' } });
  await cluster.request({ method: 'POST', path: connections, body });
});

afterAll(async () => {
  await cluster?.stop();
  rmSync(overlay, { recursive: true });
});

test('the overlay leaves the binding out', async () => {
  const found = await cluster.kubectl(['get', 'clusterrolebinding', 'connection-defaults']);
  expect(found).toMatchObject({ code: 1, stderr: expect.stringContaining('not found') });
});

test('the owner of the namespace cannot drop groupRef or roleRef, nor create a Connection without them', async () => {
  const path = `${connections}/given`;
  await eventually(async () => {
    const dropped = await writeAs(cluster, owner, { method: 'PATCH', path, body: { spec: { groupRef: null } } });
    expect(dropped).toMatchObject({ status: 403 });
    expect(dropped.message).toContain('you may not put the ConnectionGroup all on a Connection');
    expect(dropped.message).toContain('the one that counts when groupRef is absent');
  });
  const dropped = await writeAs(cluster, owner, { method: 'PATCH', path, body: { spec: { roleRef: null } } });
  expect(dropped).toMatchObject({ status: 403 });

  const body = buildConnection('new');
  expect(await writeAs(cluster, owner, { method: 'POST', path: connections, body })).toMatchObject({ status: 403 });
});

test('but edits everything else, and with bind on a group of its own creates a Connection', async () => {
  const body = { spec: { suspend: true } };
  const path = `${connections}/given`;
  expect(await writeAs(cluster, owner, { method: 'PATCH', path, body })).toMatchObject({ status: 200 });
  const resources = ['connectionroles', 'connectiongroups'];
  await grantEverywhere(cluster, 'alice', [
    { apiGroups: ['connect.pim.dev'], resources, resourceNames: ['team'], verbs: ['bind'] },
  ]);
  const own = buildConnection('own', { roleRef: { name: 'team' }, groupRef: { name: 'team' } });
  await eventually(async () => {
    expect(await writeAs(cluster, owner, { method: 'POST', path: connections, body: own })).toMatchObject({
      status: 201,
    });
  });
});

test('with the component edit-may-write, edit changes Connections too', async () => {
  await bindClusterRole(cluster, 'bob', 'default', 'edit');
  const write = { method: 'PATCH', path: `${connections}/given`, body: { spec: { label: 'By an editor' } } } as const;
  await eventually(async () => {
    expect(await writeAs(cluster, cluster.kubeconfigFor('bob'), write)).toMatchObject({ status: 200 });
  });
});
