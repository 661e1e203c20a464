import type { KubeClient } from './kube-client.ts';
import { isKubeError } from './kube-error.ts';
import type { KubeLog } from './kube-log.ts';
import { admissionBindingPath, admissionPolicyPath } from './resource-paths.ts';

/** Policies whose absence breaks a promise: who may use a role or group, and who may write a status. */
const promised = ['connection-status', 'connection-bind', 'connection-role-namespaces', 'connection-group-namespaces'];

/** Milliseconds between two looks. */
const every = 30_000;

export interface PolicyWatchOptions {
  readonly client: Pick<KubeClient, 'get'>;
  readonly log: Pick<KubeLog, 'info' | 'warn'>;
  /** Told of each look at a policy, for metrics; not where the API server does not say. */
  readonly onLook: (policy: string, isMissing: boolean) => void;
}

/** Looks now, and every half minute until `signal` fires, which admission policies are missing. Never throws. */
export async function watchPolicies(options: PolicyWatchOptions, signal: AbortSignal): Promise<void> {
  const missing = new Set<string>();
  const timer = setInterval(() => void lookAtPolicies(options, missing), every);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  await lookAtPolicies(options, missing);
}

/** Says what changed since the last look. `missing` is what was missing then, and is brought up to date. */
async function lookAtPolicies({ client, log, onLook }: PolicyWatchOptions, missing: Set<string>): Promise<void> {
  for (const policy of promised) {
    const isMissing = await findMissing(client, policy);
    if (isMissing === undefined) continue;
    onLook(policy, isMissing);
    if (isMissing === missing.has(policy)) continue;
    if (isMissing) {
      missing.add(policy);
      log.warn({ policy }, 'this admission policy or its binding is missing: install the manifests again');
    } else {
      missing.delete(policy);
      log.info({ policy }, 'this admission policy and its binding are there again');
    }
  }
}

/** `undefined` when the API server does not say. */
async function findMissing(client: Pick<KubeClient, 'get'>, policy: string): Promise<boolean | undefined> {
  try {
    await client.get(admissionPolicyPath(policy));
    await client.get(admissionBindingPath(policy));
    return false;
  } catch (error) {
    return isKubeError(error) && error.code === 'NotFound' ? true : undefined;
  }
}
