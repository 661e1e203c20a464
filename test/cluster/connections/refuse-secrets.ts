import { eventually } from '../control-plane/eventually.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';

const group = '/apis/admissionregistration.k8s.io/v1';

/**
 * An admission policy of the cluster's owner that refuses Secrets of ours in one namespace, with a CEL expression as its
 * sentence. Resolves when it is in force; returns how to take it away.
 */
export async function refuseSecrets(namespace: string, messageExpression: string): Promise<() => Promise<void>> {
  const name = `refuse-${namespace}`;
  const policies = `${group}/validatingadmissionpolicies`;
  const bindings = `${group}/validatingadmissionpolicybindings`;
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations: ['CREATE', 'UPDATE'] },
        ],
      },
      validations: [{ expression: "!('client-secret' in object.data)", messageExpression }],
    },
  };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
  await send('POST', policies, policy);
  await send('POST', bindings, binding);
  await eventually(async () => {
    if ((await tryOne(namespace)) < 400) throw new Error('the policy is not in force');
  });
  return async () => {
    await send('DELETE', `${bindings}/${name}`);
    await send('DELETE', `${policies}/${name}`);
    await eventually(async () => {
      if ((await tryOne(namespace)) >= 400) throw new Error('the policy is still in force');
    });
  };
}

async function tryOne(namespace: string): Promise<number> {
  const stringData = { 'client-secret': 'csec_of_a_probe', password: 'cpwd_of_a_probe' };
  const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'probe' }, stringData };
  const path = `/api/v1/namespaces/${namespace}/secrets?dryRun=All`;
  return (await sharedCluster().request({ method: 'POST', path, body })).status;
}

async function send(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
  const answer = await sharedCluster().request<{ message?: string }>({ method, path, body });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body.message}`);
}
