import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readAuditLog, type WriteRecord } from './read-audit-log.ts';
import { type CommandResult, runCommand } from './run-command.ts';
import { type ApiAnswer, type ApiRequest, sendRequest } from './send-request.ts';
import { adminUser } from './test-users.ts';
import { kubeconfigPath, writeKubeconfig } from './write-credentials.ts';

/** What another process needs to use a running control plane. Plain data. */
export interface ClusterDescription {
  readonly url: string;
  /** Working directory of the control plane. */
  readonly directory: string;
  /** Path of the kubectl of the same version. */
  readonly kubectl: string;
  /** Names that `kubeconfigFor` knows. */
  readonly users: readonly string[];
}

/** A running control plane as its users see it. */
export interface Cluster {
  readonly description: ClusterDescription;
  readonly url: string;
  /** The administrator's. */
  readonly kubeconfig: string;
  /** Kubeconfig of a user of the pool (`testUsers` and those named at start), who has no rights but those bound. */
  kubeconfigFor(user: string): string;
  /** Kubeconfig with a token of this ServiceAccount, good for a day. The ServiceAccount must exist. */
  kubeconfigForServiceAccount(namespace: string, name: string): Promise<string>;
  /** kubectl as the administrator, or as `kubeconfig` says. */
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<CommandResult>;
  /** One request, some fifty times quicker than kubectl; as the administrator, or as `kubeconfig` says. */
  request<Body = unknown>(request: ApiRequest, kubeconfig?: string): Promise<ApiAnswer<Body>>;
  /** Every write since the start. Whoever saw an answer sees its write here. */
  writes(): Promise<WriteRecord[]>;
}

export interface KubectlOptions {
  /** For `-f -`. */
  readonly input?: string;
  readonly kubeconfig?: string;
}

export function openCluster(description: ClusterDescription): Cluster {
  const { url, directory, users } = description;
  const kubeconfig = kubeconfigPath(directory, adminUser.name);
  return {
    description,
    url,
    kubeconfig,
    kubeconfigFor(user) {
      if (users.includes(user)) return kubeconfigPath(directory, user);
      throw new Error(`the control plane knows no user ${user}, only ${users.join(', ')}`);
    },
    async kubeconfigForServiceAccount(namespace, name) {
      const token = await requestToken(kubeconfig, namespace, name);
      // A file of its own for each call: others, in other processes too, may be reading theirs.
      const path = kubeconfigPath(directory, `system:serviceaccount:${namespace}:${name}-${randomUUID()}`);
      writeKubeconfig(path, directory, url, token);
      return path;
    },
    kubectl: (args, options = {}) => {
      const env = {
        KUBECONFIG: options.kubeconfig ?? kubeconfig,
        KUBECACHEDIR: join(directory, 'kubectl-cache'),
        KUBERC: 'off',
      };
      return runCommand(description.kubectl, args, { env, input: options.input ?? '' });
    },
    request: <Body>(request: ApiRequest, as: string = kubeconfig) => sendRequest<Body>(as, request),
    writes: () => readAuditLog(directory),
  };
}

async function requestToken(kubeconfig: string, namespace: string, name: string): Promise<string> {
  const answer = await sendRequest<{ status?: { token?: string }; message?: string }>(kubeconfig, {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 86_400 } },
  });
  const token = answer.body.status?.token;
  if (token !== undefined) return token;
  throw new Error(`no token for ServiceAccount ${namespace}/${name}: ${answer.status} ${answer.body.message}`);
}
