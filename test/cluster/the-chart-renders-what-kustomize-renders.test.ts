import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { beforeAll, expect, test } from 'vitest';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import type { Manifest } from './manifests/read-manifests.ts';
import { chart, renderChart, runHelm } from './manifests/run-helm.ts';

const minute = 60_000;
/** As the configuration file names a variable of the environment. */
const fromEnvironment = `$\{STORE_URL}`;

beforeAll(() => runHelm(['version']), 15 * minute);

type Objects = Readonly<Record<string, unknown>>;

interface Pod {
  readonly metadata: { annotations: Record<string, string> };
  readonly spec: { volumes?: { configMap?: { name: string } }[] };
}

/**
 * Objects by kind and name, without what has to differ: kustomize names a ConfigMap after a hash of what is in it, the
 * chart writes such a hash into the pod instead, and the configuration file has comments in kustomize alone.
 */
function normalise(objects: readonly Manifest[]): Objects {
  const entries = objects.map((object) => {
    const copy = structuredClone(object) as Manifest & {
      data?: Record<string, string>;
      spec?: { template?: Pod };
    };
    const { kind, metadata } = copy;
    const name = metadata.name.replace(/-[a-z0-9]{10}$/, '');
    if (kind === 'ConfigMap') {
      Object.assign(metadata, { name });
      for (const [file, text] of Object.entries(copy.data ?? {})) {
        if (file === 'gateway.yaml') Object.assign(copy.data ?? {}, { [file]: load(text) });
      }
    }
    const pod = copy.spec?.template;
    if (pod !== undefined) {
      delete pod.metadata.annotations['checksum/config'];
      for (const { configMap } of pod.spec.volumes ?? []) {
        if (configMap) configMap.name = configMap.name.replace(/-[a-z0-9]{10}$/, '');
      }
    }
    return [`${kind} ${metadata.namespace ?? ''}/${kind === 'ConfigMap' ? name : metadata.name}`, copy] as const;
  });
  const names = entries.map(([name]) => name);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  return Object.fromEntries(entries);
}

async function renderFolder(folder: string): Promise<Objects> {
  const { code, stdout, stderr } = await sharedCluster().kubectl(['kustomize', folder]);
  if (code !== 0) throw new Error(stderr);
  return normalise(loadAll(stdout) as Manifest[]);
}

/** The base with one of `manifests/components`. */
async function renderComponent(component: string): Promise<Objects> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'overlay-'));
  // kustomize takes no absolute paths
  const manifests = relative(folder, join(import.meta.dirname, '../../manifests'));
  try {
    const overlay = { resources: [manifests], components: [`${manifests}/components/${component}`] };
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(overlay));
    return await renderFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function expectEqual(rendered: Objects, wanted: Objects): void {
  expect(Object.keys(rendered).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, object] of Object.entries(wanted)) expect({ [name]: rendered[name] }).toEqual({ [name]: object });
}

test('with its own values the chart is manifests', async () => {
  const wanted = await renderFolder('manifests');
  expect(Object.keys(wanted).length).toBeGreaterThan(30);
  expectEqual(normalise(await renderChart()), wanted);
});

test('with two gateways and a PostgreSQL it is manifests/ha', async () => {
  const rendered = await renderChart('--set', `gateway.replicas=2,gateway.store=${fromEnvironment}`);
  expectEqual(normalise(rendered), await renderFolder('manifests/ha'));
});

const components = [
  { component: 'without-default-bind', values: 'defaults.bindable=false' },
  { component: 'edit-may-write', values: 'rbac.editMayWrite=true' },
  { component: 'network-policy', values: 'networkPolicy.enabled=true' },
  { component: 'service-monitor', values: 'serviceMonitor.enabled=true' },
  { component: 'alerts', values: 'alerts.enabled=true' },
  { component: 'grafana-dashboard', values: 'grafanaDashboard.enabled=true' },
];

test.each(components)('with $values it is manifests with components/$component', async ({ component, values }) => {
  const wanted = await renderComponent(component);
  expect(wanted).not.toEqual(await renderFolder('manifests'));
  expectEqual(normalise(await renderChart('--set', values)), wanted);
});

test('every component has a value of the chart that stands for it', () => {
  expect(readdirSync(join(import.meta.dirname, '../../manifests/components')).sort()).toEqual(
    components.map(({ component }) => component).sort(),
  );
});

test('more than one gateway on a SQLite file is refused with what to do', async () => {
  const refusal = /gateway\.replicas is 2, but the store is sqlite:[^,]+, a file for exactly one gateway/;
  await expect(renderChart('--set', 'gateway.replicas=2')).rejects.toThrow(refusal);
  const own = 'gateway.replicas=2,gateway.storeSecret.name=db,gateway.config.flows.store=sqlite:/data/own.db';
  await expect(renderChart('--set', own)).rejects.toThrow(refusal);
  await expect(renderChart('--set', 'gateway.replicas=2')).rejects.toThrow('--set gateway.storeSecret.name=NAME');
});

test('the address of the PostgreSQL comes from a Secret that exists', async () => {
  const rendered = await renderChart('--set', 'gateway.replicas=3,gateway.storeSecret.name=pim-app');
  const { 'Deployment connection-system/connection-gateway': deployment, ...others } = normalise(rendered);
  const valueFrom = { secretKeyRef: { name: 'pim-app', key: 'uri' } };
  expect(deployment).toMatchObject({
    spec: { replicas: 3, template: { spec: { containers: [{ env: [{ name: 'STORE_URL', valueFrom }] }] } } },
  });
  expect(others['ConfigMap connection-system/connection-gateway']).toMatchObject({
    data: { 'gateway.yaml': { flows: { store: fromEnvironment } } },
  });
  expect(Object.keys(others).filter((name) => name.startsWith('PersistentVolumeClaim'))).toEqual([]);
  expect(others).toHaveProperty(['PodDisruptionBudget connection-system/connection-gateway']);
});

test('an operator for some namespaces has no right to Secrets in others', async () => {
  const rendered = normalise(await renderChart('--set', 'operator.watchNamespaces={shop,erp}'));
  const args = ['--admin', '0.0.0.0:9090', '--watch-namespaces', 'shop,erp'];
  expect(rendered['Deployment connection-system/connection-operator']).toMatchObject({
    spec: { template: { spec: { containers: [{ args }] } } },
  });
  const { rules } = rendered['ClusterRole /connection-operator'] as { rules: { resources: string[] }[] };
  expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
  expect(rules.length).toBeGreaterThan(4);
  const bindings = Object.keys(rendered).filter((name) => name.endsWith('/connection-operator-secrets'));
  expect(bindings.sort()).toEqual([
    'ClusterRole /connection-operator-secrets',
    'RoleBinding connection-system/connection-operator-secrets',
    'RoleBinding erp/connection-operator-secrets',
    'RoleBinding shop/connection-operator-secrets',
  ]);
});

test.each([
  ['gateway.config.upstreams.url=http://pim', "additional properties 'upstreams' not allowed"],
  ['gateway.replica=2', "additional properties 'replica' not allowed"],
  ['gateway.store=mysql://db', 'does not match pattern'],
  ['operator.watchNamespaces={Shop}', 'does not match pattern'],
  ['defaults.bindable=maybe', 'want boolean'],
])('--set %s is refused by the schema of the values', async (value, words) => {
  await expect(renderChart('--set', value)).rejects.toThrow(words);
});

test('what a release writes into its own namespace is no object of the chart', async () => {
  const kinds = (objects: readonly Manifest[]): string[] => objects.map(({ kind }) => kind);
  expect(kinds(await renderChart())).toContain('Namespace');
  expect(kinds(await renderChart('--namespace', 'connection-system'))).not.toContain('Namespace');
  const withoutCrds = kinds(await renderChart('--set', 'crds.install=false'));
  expect(withoutCrds).not.toContain('CustomResourceDefinition');
});

test('helm lint finds nothing', async () => {
  const linted = await runHelm(['lint', '--strict', chart]);
  expect(linted).toMatchObject({ code: 0, stdout: expect.stringContaining('0 chart(s) failed') });
});
