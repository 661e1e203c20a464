import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import type { Secret } from '../../src/api/secret.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { textsOf } from './connections/connection-desk.ts';
import { eventually } from './control-plane/eventually.ts';
import { type RunningOperator, startOperator } from './control-plane/start-operator.ts';
import { openSession } from './gateway/gateway-client.ts';
import { startGateway } from './gateway/start-gateway.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { chart, runHelm } from './manifests/run-helm.ts';
import { writeAs } from './manifests/write-as.ts';

const minute = 60_000;
const release = 'connection-operator';
const namespaced = ['--namespace', 'connection-system'];
const connections = '/apis/connect.pim.dev/v1beta1/namespaces/default/connections';
const secret = '/api/v1/namespaces/default/secrets/erp-credentials';
const keySecret = '/api/v1/namespaces/connection-system/secrets/connection-keys';
const crd = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/connectiongroups.connect.pim.dev';

let cluster: ControlPlane;
let operator: RunningOperator | undefined;
/** What was issued by the first release. */
let issued: { readonly connection: Connection; readonly secret: Secret };

beforeAll(async () => {
  cluster = await startControlPlane();
  await runHelm(['version']);
}, 15 * minute);
afterAll(async () => {
  await operator?.stop();
  await cluster?.stop();
});

async function helm(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runHelm(args, cluster.kubeconfig);
  if (code !== 0) throw new Error(`helm ${args.join(' ')}: ${stderr}`);
  return stdout + stderr;
}

async function read<T>(path: string): Promise<T> {
  const { status, body } = await cluster.request<T>({ path });
  if (status !== 200) throw new Error(`${path}: ${status}`);
  return body;
}

/** The installed program with the rights of its ServiceAccount; it settles when it has nothing left to do. */
async function runOperator(namespaces: readonly string[] | 'all' = 'all'): Promise<void> {
  const kubeconfig = await cluster.kubeconfigForServiceAccount('connection-system', 'connection-operator');
  operator = await startOperator({ namespaces, kubeconfig });
  await operator.ready();
  await eventually(() => expect(operator?.lines.join('\n')).toContain('"synced"'), { within: minute });
}

async function stopOperator(): Promise<void> {
  await operator?.stop();
  operator = undefined;
}

async function readIssued(): Promise<typeof issued> {
  return { connection: await read<Connection>(`${connections}/erp`), secret: await read<Secret>(secret) };
}

/** The chart as another release of the product would bring it: another version, and a CRD that differs. */
function buildNextChart(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'chart-')), 'connection-operator');
  cpSync(chart, folder, { recursive: true });
  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(folder, file), text.replaceAll(from, to));
  };
  edit('Chart.yaml', '0.1.0', '0.2.0');
  edit('generated/crds/connectiongroup.yaml', 'shortNames: [conngroup]', 'shortNames: [conngroup, conngrp]');
  return folder;
}

test('helm install installs everything on a new cluster in one go, and says what comes next', async () => {
  const said = await helm('install', release, chart, ...namespaced, '--create-namespace');
  expect(said).toContain('kubectl -n connectors wait --for=condition=Ready connection/erp');
  expect(said).toContain('pod-security.kubernetes.io/enforce=restricted');
  const label = ['label', 'namespace', 'connection-system', 'pod-security.kubernetes.io/enforce=restricted'];
  expect(await cluster.kubectl(label)).toMatchObject({ code: 0, stderr: '' });
});

test.each(['connection-operator', 'connection-gateway'])(
  'pods of %s fulfil pod security “restricted”',
  async (name) => {
    const deployment = await read<{ spec: { template: object } }>(
      `/apis/apps/v1/namespaces/connection-system/deployments/${name}`,
    );
    const body = { apiVersion: 'v1', kind: 'Pod', ...deployment.spec.template, metadata: { name: 'probe' } };
    const path = '/api/v1/namespaces/connection-system/pods?dryRun=All';
    expect(await writeAs(cluster, undefined, { method: 'POST', path, body })).toMatchObject({ status: 201 });
    const privileged = structuredClone(body) as unknown as { spec: { hostNetwork?: boolean } };
    privileged.spec.hostNetwork = true;
    expect(await writeAs(cluster, undefined, { method: 'POST', path, body: privileged })).toMatchObject({
      status: 403,
    });
  },
);

test('the operator issues with the rights that the release gave it', async () => {
  await runOperator();
  const created = await cluster.request({ method: 'POST', path: connections, body: buildConnection('erp') });
  expect(created.status).toBe(201);
  await eventually(async () => {
    issued = await readIssued();
    expect(JSON.stringify(issued.connection.status?.conditions)).toContain('"Issued"');
  });
  await stopOperator();
});

test('an upgrade to the next release brings its CRDs and changes no credential', async () => {
  const next = buildNextChart();
  try {
    await helm('upgrade', release, next, ...namespaced);
  } finally {
    rmSync(next, { recursive: true });
  }
  expect(JSON.stringify(await read(crd))).toContain('conngrp');
  expect(await helm('list', ...namespaced, '-o', 'json')).toContain('"connection-operator-0.2.0"');
  await runOperator();
  await stopOperator();
  expect(await readIssued()).toEqual(issued);
});

test('helm uninstall leaves CRDs, namespace, key Secret, Connections and their Secrets', async () => {
  const keys = await read(keySecret);
  await helm('uninstall', release, ...namespaced);
  expect(await readIssued()).toEqual(issued);
  expect(await read(keySecret)).toEqual(keys);
  const crds = await cluster.kubectl(['get', 'crd', '-o', 'name']);
  expect(crds.stdout.trim().split('\n')).toHaveLength(3);
  const left = await cluster.kubectl([
    'get',
    'deployments,clusterroles',
    '-A',
    '-l',
    'app.kubernetes.io/part-of',
    '-o',
    'name',
  ]);
  expect(left.stdout).toBe('');
});

test('installed again, for one namespace, the old credentials open a session and nothing was written to them', async () => {
  await helm('install', release, chart, ...namespaced, '--set', 'operator.watchNamespaces={default}');
  await runOperator(['default']);
  expect(await readIssued()).toEqual(issued);
  const kubeconfig = await cluster.kubeconfigForServiceAccount('connection-system', 'connection-gateway');
  const upstream = 'http://127.0.0.1:9';
  const gateway = await startGateway({ namespaces: ['default'], upstream, kubeconfig });
  await gateway.ready();
  await expect(openSession(gateway.origin, textsOf(issued.secret))).resolves.toMatchObject({
    access: expect.any(String),
  });
  await gateway.stop();
});

test('an operator for one namespace issues there and may read no Secret elsewhere', async () => {
  expect((await cluster.request({ method: 'POST', path: connections, body: buildConnection('dam') })).status).toBe(201);
  const kubeconfig = await cluster.kubeconfigForServiceAccount('connection-system', 'connection-operator');
  await eventually(async () => {
    const { status } = await read<Connection>(`${connections}/dam`);
    expect(JSON.stringify(status?.conditions)).toContain('"Issued"');
  });
  const elsewhere = { path: '/api/v1/namespaces/kube-system/secrets' };
  expect((await cluster.request(elsewhere, kubeconfig)).status).toBe(403);
  expect((await cluster.request({ path: '/api/v1/namespaces/default/secrets' }, kubeconfig)).status).toBe(200);
});

test('where the CRDs are somebody else’s, the chart installs without them, or takes them over when told to', async () => {
  await stopOperator();
  await helm('uninstall', release, ...namespaced);
  // The claim stays until a controller has seen that no pod uses it; there is none here.
  const values = [...namespaced, '--set', 'gateway.persistence.existingClaim=data'];
  const owned = await runHelm(['install', 'another-name', chart, ...values], cluster.kubeconfig);
  expect(owned).toMatchObject({ code: 1, stderr: expect.stringContaining('invalid ownership metadata') });
  await helm('install', 'another-name', chart, ...values, '--set', 'crds.install=false');
  await helm('uninstall', 'another-name', ...namespaced);
  await helm('install', 'another-name', chart, ...values, '--take-ownership');
  expect(await read(secret)).toEqual(issued.secret);
});
