import type { FlowReport } from '../../../src/api/flow-report.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import type { RunningGateway } from './start-gateway.ts';

/** Somebody with a token of the cluster and no rights but those that a test binds. */
export interface Viewer {
  /** As RBAC knows them. */
  readonly user: string;
  readonly token: string;
}

/** Makes a ServiceAccount in a namespace and a token for it. */
export async function createViewer(namespace: string, name: string): Promise<Viewer> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
  const made = await sharedCluster().request({ method: 'POST', path, body: account });
  if (made.status !== 201) throw new Error(`${path}: ${made.status}`);
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3_600 } };
  const answer = await sharedCluster().request<{ status?: { token?: string } }>({
    method: 'POST',
    path: `${path}/${name}/token`,
    body,
  });
  const token = answer.body.status?.token;
  if (token === undefined) throw new Error(`no token for ${name}: ${answer.status}`);
  return { user: `system:serviceaccount:${namespace}:${name}`, token };
}

/** An answer of the admin port. */
export interface Report<T> {
  readonly status: number;
  readonly body: T;
}

/** Asks a gateway's admin port; `path` with its query, as in `/flows?namespace=shop`. */
export async function readReport<T = FlowReport>(
  { admin }: Pick<RunningGateway, 'admin'>,
  path: string,
  token?: string,
): Promise<Report<T>> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(admin + path, { headers });
  return { status: answer.status, body: (await answer.json()) as T };
}
