import { buildKeepPolicySpec, keepPolicyName } from '../../api/keep-policy.ts';
import { managerName } from '../../api/names.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { isKubeError } from '../../kube/kube-error.ts';
import { admissionBindingPath, admissionPolicyPath } from '../../kube/resource-paths.ts';

/**
 * Creates the policy that keeps the CRDs and `namespace`, where the key Secret is, from being deleted by mistake, and its
 * binding; both stay when the operator goes. By server-side apply, because only so can RBAC allow to create one name
 * alone. `false`: the operator has not the right to, which keeps nothing else from working.
 */
export async function ensureKeepPolicy(client: KubeClient, namespace: string): Promise<boolean> {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: keepPolicyName, labels: { 'app.kubernetes.io/part-of': managerName } };
  const policy = { kind: 'ValidatingAdmissionPolicy', spec: buildKeepPolicySpec(namespace) };
  const binding = {
    kind: 'ValidatingAdmissionPolicyBinding',
    spec: { policyName: keepPolicyName, validationActions: ['Deny'] },
  };
  const query = { fieldManager: managerName, force: true };
  try {
    await client.patch(admissionPolicyPath(keepPolicyName), { apiVersion, metadata, ...policy }, 'apply', query);
    await client.patch(admissionBindingPath(keepPolicyName), { apiVersion, metadata, ...binding }, 'apply', query);
    return true;
  } catch (error) {
    if (isKubeError(error, 'Forbidden')) return false;
    throw error;
  }
}
