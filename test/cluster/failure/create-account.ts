import { grantEverywhere, type Rule } from '../manifests/grant-rights.ts';
import { succeed } from './read-world.ts';
import type { Stage } from './stage.ts';

export interface Account {
  readonly kubeconfig: string;
  /** Gives it one more right. */
  grant(rule: Rule): Promise<void>;
}

/** The operator's rights, those on Secrets as named. */
function rulesWith(secretVerbs: readonly string[]): readonly Rule[] {
  return [
    { apiGroups: ['connect.pim.dev'], resources: ['*'], verbs: ['get', 'list', 'watch', 'create', 'issue'] },
    { apiGroups: ['connect.pim.dev'], resources: ['connections/status'], verbs: ['update'] },
    { apiGroups: [''], resources: ['secrets'], verbs: secretVerbs },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'create', 'update'] },
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  ];
}

/** A ServiceAccount that may do with Secrets no more than this. */
export async function createAccount(stage: Stage, secretVerbs: readonly string[]): Promise<Account> {
  const { cluster, namespace } = stage;
  const name = 'half-blind';
  await succeed(cluster, {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
  });
  const user = `system:serviceaccount:${namespace}:${name}`;
  await grantEverywhere(cluster, user, rulesWith(secretVerbs));
  return {
    kubeconfig: await cluster.kubeconfigForServiceAccount(namespace, name),
    grant: (rule) => grantEverywhere(cluster, user, [rule]),
  };
}
