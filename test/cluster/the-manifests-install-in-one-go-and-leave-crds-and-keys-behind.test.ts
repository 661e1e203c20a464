import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepPolicyName } from '../../src/api/keep-policy.ts';
import { buildKubeClient } from '../../src/kube/kube-client.ts';
import { readClusterAccess } from '../../src/kube/read-cluster-access.ts';
import { ensureKeepPolicy } from '../../src/operator/keys/ensure-keep-policy.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { eventually } from './control-plane/eventually.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { writeAs } from './manifests/write-as.ts';

const keySecret = '/api/v1/namespaces/connection-system/secrets/connection-keys';
const connections = collectionPath('Connection', 'default');
let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane();
});

afterAll(async () => {
  await cluster?.stop();
});

async function read(path: string): Promise<number> {
  return (await cluster.request({ path })).status;
}

/** CRDs, namespace, key Secret and a Connection: what must be there after each `kubectl delete -k manifests`. */
async function expectAllKept(): Promise<void> {
  expect(await read(keySecret)).toBe(200);
  expect(await read(`${connections}/erp`)).toBe(200);
  const crds = await cluster.kubectl(['get', 'crd', '-o', 'name']);
  expect(crds.stdout.trim().split('\n')).toHaveLength(3);
  const { body } = await cluster.request<{ status: { phase: string } }>({
    path: '/api/v1/namespaces/connection-system',
  });
  expect(body.status.phase).toBe('Active');
}

/** Waits until the policy of this name is what keeps a CRD from being deleted. */
async function waitForKeeping(policy: string): Promise<void> {
  const crd = 'connectiongroups.connect.pim.dev';
  await eventually(async () => {
    expect((await cluster.kubectl(['delete', 'crd', crd, '--dry-run=server'])).stderr).toContain(policy);
  });
}

test('kubectl apply -k manifests installs everything on a new cluster in one go', async () => {
  expect(await cluster.kubectl(['apply', '-k', 'manifests'])).toMatchObject({ code: 0, stderr: '' });
});

test('from then on Connections are accepted, also while the policies about roles and groups come into force', async () => {
  let accepted = 0;
  await eventually(
    async () => {
      const body = buildConnection(`early-${accepted}`);
      const { status, message } = await writeAs(cluster, undefined, { method: 'POST', path: connections, body });
      if (status === 201) accepted++;
      // The API server looks every ten seconds which kinds there are, and may not know ours yet.
      else expect(message).toContain('failed to configure policy: failed to find resource referenced by paramKind');
      expect(accepted).toBe(20);
    },
    { every: 200 },
  );
});

test('applied once more, nothing is written', async () => {
  const before = (await cluster.writes()).length;
  const again = await cluster.kubectl(['apply', '-k', 'manifests']);
  expect(again.stdout.split('\n').filter((line) => line !== '' && !line.endsWith(' unchanged'))).toEqual([]);
  const written = (await cluster.writes()).slice(before).filter((write) => write.user === 'admin');
  expect(written).toEqual([]);
});

test('no custom resource is among the manifests', async () => {
  const { stdout } = await cluster.kubectl(['kustomize', 'manifests']);
  expect(stdout).not.toMatch(/^apiVersion: connect\.pim\.dev/m);
});

test.each(['operator', 'gateway', 'dashboard'])('the pod of the %s fulfils pod security “restricted”', async (name) => {
  const deployment = await cluster.request<{ spec: { template: object } }>({
    path: `/apis/apps/v1/namespaces/connection-system/deployments/connection-${name}`,
  });
  const body = { apiVersion: 'v1', kind: 'Pod', ...deployment.body.spec.template, metadata: { name: 'probe' } };
  const path = '/api/v1/namespaces/connection-system/pods?dryRun=All';
  expect(await writeAs(cluster, undefined, { method: 'POST', path, body })).toMatchObject({ status: 201 });
});

test('kubectl delete -k manifests removes the rest and leaves CRDs, namespace and key Secret', async () => {
  const path = '/api/v1/namespaces/connection-system/secrets';
  await cluster.request({ method: 'POST', path, body: { metadata: { name: 'connection-keys' } } });
  await cluster.request({ method: 'POST', path: connections, body: buildConnection('erp') });

  await waitForKeeping("'connection-keep'");
  const deleted = await cluster.kubectl(['delete', '-k', 'manifests']);
  expect(deleted.code).toBe(1);
  expect(deleted.stderr.trim().split('\n')).toHaveLength(4);
  expect(deleted.stderr).toContain('kept, because the key Secret dies with it and every credential after it');
  expect(deleted.stderr).toContain('kubectl annotate crd connections.connect.pim.dev connect.pim.dev/deletion=allowed');
  await expectAllKept();
  for (const kind of ['deployments,roles,rolebindings,serviceaccounts', 'clusterroles,clusterrolebindings']) {
    const left = await cluster.kubectl(['get', kind, '-A', '-o', 'name', '-l', 'app.kubernetes.io/part-of']);
    expect(left.stdout).toBe('');
  }
});

test('and once more the same, where an operator has made the key Secret', async () => {
  expect(await cluster.kubectl(['apply', '-k', 'manifests'])).toMatchObject({ code: 0 });
  const kubeconfig = await cluster.kubeconfigForServiceAccount('connection-system', 'connection-operator');
  const client = buildKubeClient({ access: await readClusterAccess({ kubeconfig }) });
  expect(await ensureKeepPolicy(client, 'connection-system')).toBe(true);
  await client.close();
  // As after a first delete, which takes the policy of the manifests away.
  const kind = 'validatingadmissionpolicybinding';
  expect(await cluster.kubectl(['delete', kind, 'connection-keep'])).toMatchObject({ code: 0 });
  await waitForKeeping(`'${keepPolicyName}'`);
  expect(await cluster.kubectl(['delete', '-k', 'manifests', '--ignore-not-found'])).toMatchObject({ code: 1 });
  await expectAllKept();
});

test('installed again, and an annotation allows to delete what is meant', async () => {
  expect(await cluster.kubectl(['apply', '-k', 'manifests'])).toMatchObject({ code: 0 });
  await expectAllKept();
  const crd = 'connectiongroups.connect.pim.dev';
  await eventually(async () => {
    expect(await cluster.kubectl(['delete', 'crd', crd, '--dry-run=server'])).toMatchObject({ code: 1 });
  });
  await cluster.kubectl(['annotate', 'crd', crd, 'connect.pim.dev/deletion=allowed']);
  expect(await cluster.kubectl(['delete', 'crd', crd])).toMatchObject({ code: 0 });
});
