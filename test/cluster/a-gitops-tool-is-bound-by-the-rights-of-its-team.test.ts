import { load } from 'js-yaml';
import { beforeAll, expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import {
  collectionPath,
  findManifestFiles,
  type Manifest,
  readManifests,
  readText,
} from './manifests/read-manifests.ts';
import { type Verdict, writeAs } from './manifests/write-as.ts';

const cluster = sharedCluster();
const scene = useOperator();
const connections = collectionPath('Connection', 'connectors');

/** Server-side apply as a tool does it. */
function apply(kubeconfig: string, manager: string, path: string, object: object): Promise<Verdict> {
  const query = `?fieldManager=${manager}&force=true`;
  const contentType = 'application/apply-patch+yaml';
  return writeAs(cluster, kubeconfig, { method: 'PATCH', path: `${path}${query}`, body: object, contentType });
}

const applyAll = async (objects: readonly Manifest[]): Promise<void> => {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const applied = await cluster.kubectl(['apply', '-f', '-'], { input });
  expect(applied).toMatchObject({ code: 0 });
};

beforeAll(async () => {
  await cluster.kubectl(['apply', '-f', 'examples/00-namespace.yaml']);
});

test.each(['argocd-connections', 'flux-connections'])(
  '%s applies what it has bind on, and nothing else',
  async (account) => {
    const rights = readManifests('gitops/bind.yaml');
    const grant = ({ metadata }: Manifest): boolean => metadata.name === 'gitops-bind-erp';
    await cluster.kubectl(['delete', 'clusterrolebinding', 'gitops-bind-erp', '--ignore-not-found']);
    await applyAll(rights.filter((object) => !grant(object)));
    const kubeconfig = await cluster.kubeconfigForServiceAccount('connectors', account);
    const name = `bound-${account}`;
    const manifest = buildConnection(name, { roleRef: { name: 'erp' }, groupRef: { name: 'erp' } });
    const path = `${connections}/${name}`;

    const refused = await eventually(async () => {
      const verdict = await apply(kubeconfig, account, path, manifest);
      // 403 for want of any right at first: the API server learns of new bindings a moment later.
      expect(verdict.message).toContain('you may not put the ConnectionRole erp on a Connection');
      return verdict;
    });
    expect(refused.status).toBe(403);

    await applyAll(rights.filter(grant));
    await eventually(async () =>
      expect(await apply(kubeconfig, account, path, manifest)).toMatchObject({ status: 201 }),
    );
    const other = buildConnection(name, { roleRef: { name: 'dam' }, groupRef: { name: 'erp' } });
    expect(await apply(kubeconfig, account, path, other)).toMatchObject({ status: 403 });
    const secrets = { path: '/api/v1/namespaces/connectors/secrets' };
    expect((await cluster.request(secrets, kubeconfig)).status).toBe(403);
  },
);

test.each(findManifestFiles('examples/connectors'))('the API server takes examples/connectors/%s', async (file) => {
  const known = readManifests(`examples/connectors/${file}`).filter(
    ({ apiVersion }) => !apiVersion.includes('servicebinding'),
  );
  for (const object of known) {
    const input = JSON.stringify(object);
    const applied = await cluster.kubectl(['apply', '--dry-run=server', '-f', '-'], { input });
    expect(applied).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Warning') });
  }
});

test('an implementation of Service Binding finds the Secret of the example’s Connection', async () => {
  const [binding] = readManifests('examples/connectors/service-binding.yaml') as unknown as [
    { spec: { type: string; provider: string; service: { apiVersion: string; kind: string } } },
  ];
  const { desk } = scene;
  const connection = await desk.issue('served');
  expect(binding.spec.service).toMatchObject({ apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection' });
  expect(await desk.texts(connection.status?.binding?.name ?? '')).toMatchObject({
    type: binding.spec.type,
    provider: binding.spec.provider,
  });
  const crd = await cluster.kubectl(['get', 'crd', '-l', 'servicebinding.io/provisioned-service=true', '-o', 'name']);
  expect(crd.stdout.trim()).toBe('customresourcedefinition.apiextensions.k8s.io/connections.connect.pim.dev');
  const role = await cluster.kubectl(['get', 'clusterrole', '-l', 'servicebinding.io/controller=true', '-o', 'json']);
  const { items } = JSON.parse(role.stdout) as { items: { rules: object[] }[] };
  expect(items.map(({ rules }) => rules)).toEqual([
    [{ apiGroups: ['connect.pim.dev'], resources: ['connections'], verbs: ['get', 'list', 'watch'] }],
  ]);
});

test('the manifests for Argo CD and Flux name what is there', () => {
  const { data } = load(readText('gitops/argocd/argocd-cm.yaml')) as { data: Record<string, string> };
  expect(Object.keys(data)).toEqual([
    'resource.customizations.health.connect.pim.dev_Connection',
    'resource.customizations.actions.connect.pim.dev_Connection',
  ]);
  const accounts = readManifests('gitops/bind.yaml').filter(({ kind }) => kind === 'ServiceAccount');
  const [, project] = readManifests('gitops/argocd/application.yaml') as unknown as [
    unknown,
    { spec: { destinationServiceAccounts: { namespace: string; defaultServiceAccount: string }[] } },
  ];
  const [flux] = readManifests('gitops/flux/kustomization.yaml') as unknown as [
    { metadata: { namespace: string }; spec: { serviceAccountName: string } },
  ];
  const named = [
    ...project.spec.destinationServiceAccounts.map(
      ({ namespace, defaultServiceAccount }) => `${namespace}/${defaultServiceAccount}`,
    ),
    `${flux.metadata.namespace}/${flux.spec.serviceAccountName}`,
  ];
  expect(accounts.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual(named);
});
