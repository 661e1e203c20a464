import { type KubeLog, silentLog } from '../../kube/kube-log.ts';
import type { ClusterAccess } from '../../kube/read-cluster-access.ts';
import { buildKubeconfigLogin } from './open-logins.ts';
import { startDashboard } from './start-dashboard.ts';

export interface LocalDashboardOptions {
  /** Of the kubeconfig: `await readClusterAccess({ kubeconfig })`. */
  readonly access: ClusterAccess;
  /** Admin ports of gateways, reached from this machine; none: no data flows are shown. */
  readonly gateways?: readonly URL[];
  readonly imageHosts?: readonly string[];
  /** Of 127.0.0.1; absent: a free one. */
  readonly port?: number;
  readonly log?: KubeLog;
  /** Folder of the built page; absent: where the build puts it. */
  readonly page?: string;
}

export interface LocalDashboard {
  /** Signs a browser in, once and within a minute. Each call makes another one. */
  createAddress(): string;
  close(): Promise<void>;
}

/** The dashboard on 127.0.0.1 for whoever started it, with the kubeconfig's own credentials. */
export async function startLocalDashboard(options: LocalDashboardOptions): Promise<LocalDashboard> {
  const { access, gateways = [], imageHosts = [], port = 0, log = silentLog, page } = options;
  const login = buildKubeconfigLogin(access);
  const listen = { host: '127.0.0.1', port };
  const settings = { listen, hosts: [], imageHosts, gateways };
  const dashboard = await startDashboard({ settings, login, log, ...(page !== undefined && { page }) });
  return {
    createAddress: () => `http://127.0.0.1:${dashboard.port}/#code=${dashboard.createCode()}`,
    async close() {
      await dashboard.close();
      await login.client.close();
    },
  };
}
