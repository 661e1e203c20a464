import { expect, test } from 'vitest';
import { KubeError } from '../../src/kube/kube-error.ts';
import { resourcesPath, secretsPath } from '../../src/kube/resource-paths.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';

const value = 'csec_hunter2hunter2';
const encoded = Buffer.from(value).toString('base64');

async function refuse(namespace: string, secret: object): Promise<KubeError> {
  const client = await connectClient(sharedCluster());
  const body = { apiVersion: 'v1', kind: 'Secret', ...secret };
  const error: unknown = await client.create(secretsPath(namespace), body).then(
    () => expect.fail('the Secret was stored'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KubeError);
  const everything = `${error} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ''}`;
  for (const secretValue of [value, encoded]) expect(everything).not.toContain(secretValue);
  return error as KubeError;
}

test.each<[string, object, string, string]>([
  ['a value as a key', { metadata: { name: 'a' }, data: { [`${value} !`]: encoded } }, 'Invalid', 'must consist of'],
  ['a value as a label', { metadata: { name: 'a', labels: { a: `${value} !` } } }, 'Invalid', 'metadata.labels'],
  ['a value that is no base64', { metadata: { name: 'a' }, data: { a: `!${value}` } }, 'BadRequest', 'illegal base64'],
  ['a value in the wrong place', { metadata: value, data: { a: encoded } }, 'BadRequest', 'cannot be handled'],
  [
    'a value as a type',
    { metadata: { name: 'a' }, type: 'kubernetes.io/tls', data: { a: encoded } },
    'Invalid',
    'tls.crt',
  ],
  ['too much', { metadata: { name: 'a' }, data: { a: 'QUFB'.repeat(400_000) } }, 'Invalid', 'Too long'],
])('%s', async (_case, secret, code, words) => {
  const error = await refuse(await createNamespace(), secret);
  expect(error).toMatchObject({ code, retry: false });
  expect(error.sentence).toContain(words);
});

test('a quota', async () => {
  const namespace = await createNamespace();
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'small' },
    spec: { hard: { secrets: '0' } },
  };
  const client = await connectClient(sharedCluster());
  const { metadata } = await client.create<{ metadata: { name: string } }>(
    resourcesPath('', 'v1', 'resourcequotas', namespace),
    quota,
  );
  // The usage that the quota controller would count.
  await client.patch(`${resourcesPath('', 'v1', 'resourcequotas', namespace)}/${metadata.name}/status`, {
    status: { hard: { secrets: '0' }, used: { secrets: '0' } },
  });
  const error = await refuse(namespace, { metadata: { name: 'a' }, data: { a: encoded } });
  expect(error).toMatchObject({ code: 'Forbidden', exceededQuota: true });
  expect(error.sentence).toContain('exceeded quota: small');
});

test('an admission policy that quotes what it refuses', async () => {
  const namespace = await createNamespace();
  const client = await connectClient(sharedCluster());
  const admission = '/apis/admissionregistration.k8s.io/v1';
  const name = `quotes-${namespace}`;
  await client.create(`${admission}/validatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations: ['CREATE'] }],
      },
      validations: [
        {
          expression: 'false',
          messageExpression: "'not ' + string(object.data.a) + ' and not ' + string(object.data['a'])",
        },
      ],
    },
  });
  await client.create(`${admission}/validatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  });
  let error: KubeError | undefined;
  await expect
    .poll(
      async () => {
        const attempt = await refuse(namespace, {
          metadata: { name: crypto.randomUUID() },
          data: { a: encoded },
        }).catch(() => undefined);
        error = attempt;
        return attempt?.code;
      },
      { timeout: 15_000 },
    )
    .toBe('Invalid');
  expect(error?.sentence).toContain('not … and not …');
});
