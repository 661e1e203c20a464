import { expect, test } from 'vitest';
import { runCli } from './cli/run-cli.ts';
import { useOperator } from './connections/use-operator.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { grantInNamespace } from './manifests/grant-rights.ts';
import { type Manifest, readManifests } from './manifests/read-manifests.ts';

const cluster = sharedCluster();
const scene = useOperator();

/** Creates an object in the namespace of the test and returns its uid. */
async function create(path: string, body: object): Promise<string> {
  const answer = await cluster.request<{ metadata: { uid: string } }>({ method: 'POST', path, body });
  expect(answer.status).toBe(201);
  return answer.body.metadata.uid;
}

/** ReplicaSet and pods as the Deployment of an example would make them. */
async function createPods(example: string, names: readonly string[]): Promise<void> {
  const [deployment] = readManifests(`examples/connectors/${example}.yaml`).filter(({ kind }) => kind === 'Deployment');
  const { metadata, spec } = deployment as Manifest & {
    spec: { selector: object; template: { metadata: { labels: object }; spec: object } };
  };
  const { namespace } = scene.desk;
  const name = `${metadata.name}-5f7d`;
  const { selector, template } = spec;
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name },
    spec: { replicas: 0, selector, template },
  };
  const uid = await create(`/apis/apps/v1/namespaces/${namespace}/replicasets`, set);
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid }];
  const labels = { ...template.metadata.labels, 'pod-template-hash': '5f7d' };
  for (const pod of names) {
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod, labels, ownerReferences },
      spec: template.spec,
    };
    await create(`/api/v1/namespaces/${namespace}/pods`, body);
  }
}

test('each workload once, and what to do; those that follow are not named', async () => {
  const { desk } = scene;
  await desk.issue('erp');
  const args = ['describe', 'erp', '-n', desk.namespace, '--gateway', 'http://127.0.0.1:9'];
  const before = await runCli(args, { kubeconfig: cluster.kubeconfig });
  expect(before.stdout).toContain('Client id');
  expect(before.stdout).not.toContain('Will not see a rotation');

  await createPods('env', ['env-1', 'env-2']);
  await createPods('projected-volume', ['projected-1']);
  const { stdout } = await runCli(args, { kubeconfig: cluster.kubeconfig });
  expect(stdout).toContain('Will not see a rotation');
  const [, block = ''] = stdout.split('Will not see a rotation\n');
  expect(block.split('\n')[0]?.trim()).toBe(
    'Deployment erp-connector-env, container connector, has the Secret as environment variables (AKENEO_CLIENT_ID, ' +
      'AKENEO_CLIENT_SECRET, AKENEO_USERNAME, AKENEO_PASSWORD) and keeps the old values after a rotation: restart it ' +
      'after each one, or mount the Secret as files.',
  );
  expect(stdout.match(/keeps the old values/g)).toHaveLength(1);
});

test('whoever may not list pods is told that it is not known', async () => {
  const { desk } = scene;
  const rules = [{ apiGroups: ['connect.pim.dev'], resources: ['connections'], verbs: ['get', 'list', 'watch'] }];
  await grantInNamespace(cluster, 'dora', desk.namespace, rules);
  const args = ['describe', 'erp', '-n', desk.namespace, '--gateway', 'http://127.0.0.1:9'];
  const described = await runCli(args, { kubeconfig: cluster.kubeconfigFor('dora') });
  expect(described.stdout).toContain('Whether pods will see a rotation is not known: you may not list pods.');
});
