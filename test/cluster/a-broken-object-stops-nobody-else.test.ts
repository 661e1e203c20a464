import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyCrds, applyManifests } from '../../tools/apply-project.ts';
import type { Cluster } from '../../tools/control-plane/open-cluster.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { eventually } from './control-plane/eventually.ts';
import { type RunningOperator, startOperator } from './control-plane/start-operator.ts';
import { findFaults, readRing } from './failure/find-faults.ts';
import { connectionsAt, readWorlds, succeed } from './failure/read-world.ts';
import { createFor } from './failure/scenarios.ts';
import { buildStage, type Stage } from './failure/stage.ts';
import { waitForLine } from './failure/wait-for-line.ts';
import { readManifests } from './manifests/read-manifests.ts';

let cluster: ControlPlane;
let stage: Stage;
let operator: RunningOperator;

/** What could be stored before a rule was tightened. */
const broken: Readonly<Record<string, object>> = {
  'no-spec': {},
  'null-spec': { spec: null },
  'empty-spec': { spec: {} },
  'text-for-spec': { spec: 'x' },
  'role-without-name': { spec: { label: 'Broken', flowType: 'Source', roleRef: {} } },
  'role-is-text': { spec: { label: 'Broken', flowType: 'Source', roleRef: 'user' } },
  'number-for-code': { spec: { label: 'Broken', flowType: 'Source', code: 7 } },
  'odd-code': { spec: { label: 'Broken', flowType: 'Source', code: 'ä b' } },
  'unknown-flow': { spec: { label: 'B', flowType: 'Sideways' } },
  'odd-durations': { spec: { label: 'Broken', flowType: 'Source', rotation: { interval: 'daily', overlap: '1d' } } },
  'number-durations': { spec: { label: 'Broken', flowType: 'Source', rotation: { interval: 1, overlap: 2 } } },
  'numbers-in-data': { spec: { label: 'Broken', flowType: 'Source', secret: { data: { KEY: 5, OTHER: null } } } },
  'list-for-data': { spec: { label: 'Broken', flowType: 'Source', secret: { data: ['a'] } } },
  'odd-labels': { spec: { label: 'Broken', flowType: 'Source', secret: { labels: { 'a b': 'c d' } } } },
  'our-labels': {
    spec: { label: 'Broken', flowType: 'Source', secret: { labels: { 'connect.pim.dev/connection': 'x' } } },
  },
  // Nobody gets the token of a ServiceAccount by writing a Connection.
  'odd-type': {
    spec: {
      label: 'Broken',
      flowType: 'Source',
      secret: {
        type: 'kubernetes.io/service-account-token',
        annotations: { 'kubernetes.io/service-account.name': 'default' },
      },
    },
  },
  'odd-secret-name': { spec: { label: 'Broken', flowType: 'Source', secret: { name: '../x' } } },
  'odd-status': {
    spec: { label: 'Broken', flowType: 'Source' },
    status: { credentials: 'x', conditions: 'y', rotation: 3 },
  },
};

interface LooseVersion {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** The CRD without any rule, as a release could have had it that knew less. */
function loosen(): object {
  const [crd] = readManifests('crds/connection.yaml');
  const { versions = [], ...spec } = (crd?.spec ?? {}) as { readonly versions?: readonly LooseVersion[] };
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    ...crd,
    spec: { ...spec, versions: versions.map(({ name }) => ({ name, served: true, storage: true, schema })) },
  };
}

async function apply({ kubectl }: Cluster, object: object): Promise<void> {
  const { code, stderr } = await kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) });
  expect(code, stderr).toBe(0);
}

beforeAll(async () => {
  cluster = await startControlPlane({ prepare: (started) => apply(started, loosen()) });
  stage = await buildStage(cluster);
  const { namespace } = stage;
  for (const [name, fields] of Object.entries(broken)) {
    const body = { apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection', metadata: { name }, ...fields };
    await eventually(() => succeed(cluster, { method: 'POST', path: connectionsAt(namespace), body }));
  }
  await applyCrds(cluster.kubectl);
  await applyManifests(cluster.kubectl);
  await eventually(async () => {
    const body = { apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection', metadata: { name: 'probe' } };
    const answer = await cluster.request({ method: 'POST', path: `${connectionsAt(namespace)}?dryRun=All`, body });
    expect(answer.status).toBe(422);
  });
  await createFor({ cluster, namespace, name: 'fine' }, undefined);
  const kubeconfig = await cluster.kubeconfigForServiceAccount('connection-system', 'connection-operator');
  operator = await startOperator({ namespaces: 'all', kubeconfig });
  await waitForLine(operator, '"synced"');
});
afterAll(async () => {
  await operator?.stop();
  await cluster?.stop();
});

async function expectFine(name: string): Promise<void> {
  await eventually(async () => {
    const world = (await readWorlds(cluster, stage.namespace)).get(name);
    const ring = await readRing(cluster, stage.keySecret);
    expect(world && (await findFaults(world, ring))).toEqual([]);
  });
}

test('those beside it are issued', async () => {
  await expectFine('fine');
  await createFor({ ...stage, name: 'later' }, undefined);
  await expectFine('later');
});

test('whom it cannot understand is named in the log, and gets nothing', async () => {
  const leftOut = operator.lines.filter((line) => line.includes('cannot be understood and is left out'));
  const named = leftOut.map((line) => (JSON.parse(line) as { name: string }).name).sort();
  expect(named).toEqual([
    ...['list-for-data', 'no-spec', 'null-spec', 'number-durations', 'number-for-code', 'numbers-in-data'],
    ...['odd-status', 'role-is-text', 'text-for-spec'],
  ]);
  const worlds = await readWorlds(cluster, stage.namespace);
  for (const name of named) expect(worlds.get(name)?.secret, name).toBeUndefined();
});

test('what can be understood and may not be is told in its status', async () => {
  const worlds = await readWorlds(cluster, stage.namespace);
  const reasonOf = (name: string) => worlds.get(name)?.connection.status?.conditions?.[0];
  expect(reasonOf('odd-labels')).toMatchObject({ reason: 'SecretRefused' });
  expect(reasonOf('odd-type')).toMatchObject({
    reason: 'SecretRefused',
    message: expect.stringMatching(/^No Secret of/),
  });
  expect(worlds.get('our-labels')?.secret?.metadata.labels).toMatchObject({
    'connect.pim.dev/connection': 'our-labels',
  });
});

test('nothing is tried without a pause, and all is well when the broken ones are changed and go', async () => {
  const { namespace } = stage;
  for (const name of Object.keys(broken)) {
    const path = connectionsAt(namespace, name);
    await cluster.request({ method: 'PATCH', path, body: { metadata: { labels: { touched: 'yes' } } } });
    await succeed(cluster, { method: 'DELETE', path });
  }
  await createFor({ ...stage, name: 'last' }, undefined);
  await expectFine('last');
  const text = await (await fetch(`${operator.admin}/metrics`)).text();
  const failed = Number(/^connection_operator_reconciles_total\{result="failed"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  expect(failed).toBeLessThan(100);
  expect(text).toMatch(/^connection_operator_lists_total\{resource="connections"\} 1$/m);
  expect((await fetch(`${operator.admin}/readyz`)).status).toBe(200);
});
