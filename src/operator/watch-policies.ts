import type { KubeClient } from '../kube/kube-client.ts';
import { isKubeError } from '../kube/kube-error.ts';
import type { KubeLog } from '../kube/kube-log.ts';
import { admissionBindingPath, admissionPolicyPath } from '../kube/resource-paths.ts';
import type { OperatorMetrics } from './operator-metrics.ts';

/** Policies whose absence breaks a promise: who may use a role, and who may write a status. */
const promised = ['connection-status', 'connection-bind', 'connection-role-namespaces', 'connection-group-namespaces'];

/** Milliseconds between two looks. */
const every = 3_600_000;

/** Says now, and every hour until `signal` fires, which admission policies are missing. */
export async function watchPolicies(
  client: KubeClient,
  metrics: OperatorMetrics,
  log: KubeLog,
  signal: AbortSignal,
): Promise<void> {
  const timer = setInterval(() => void reportPolicies(client, metrics, log), every);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  await reportPolicies(client, metrics, log);
}

/** Says which admission policies or bindings are not installed, in the log and as a metric. Never throws. */
export async function reportPolicies(client: KubeClient, metrics: OperatorMetrics, log: KubeLog): Promise<void> {
  for (const policy of promised) {
    const missing = await findMissing(client, policy);
    if (missing === undefined) continue;
    metrics.policyMissing.set({ policy }, missing ? 1 : 0);
    if (missing) log.warn({ policy }, 'this admission policy or its binding is missing: install the manifests again');
  }
}

/** `undefined` when the API server does not say. */
async function findMissing(client: KubeClient, policy: string): Promise<boolean | undefined> {
  try {
    await client.get(admissionPolicyPath(policy));
    await client.get(admissionBindingPath(policy));
    return false;
  } catch (error) {
    return isKubeError(error) && error.code === 'NotFound' ? true : undefined;
  }
}
