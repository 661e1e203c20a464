import type { ClusterAccess } from '../kube/cluster-access.ts';
import type { OpenCluster } from './open-cluster.ts';
import type { Terminal } from './terminal.ts';

/** What a command reaches the world with; tests give their own. */
export interface Tools {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Text of a file of the project (`crds/connection.yaml`), wherever it is installed. */
  readonly readProjectFile: (path: string) => string;
  /** The API server, opened once and closed when the command is over. */
  readonly openCluster: (source: ClusterSource) => Promise<OpenCluster>;
  /** Starts the dashboard's server. Absent where there is none. */
  readonly startDashboard?: StartDashboard;
}

/** From the flags of a command. */
export interface ClusterSource {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Starts the dashboard on 127.0.0.1 with the kubeconfig's own credentials. */
export type StartDashboard = (options: DashboardOptions) => Promise<RunningDashboard>;

/** What the command knows and the server needs. */
export interface DashboardOptions {
  readonly access: ClusterAccess;
  /** 0: any free port. */
  readonly port: number;
  /** Addresses of gateways' admin ports. Empty: no flows, errors and warnings. */
  readonly gateways: readonly string[];
}

/** A dashboard that listens. */
export interface RunningDashboard {
  /** Opens the page signed in; works once. */
  readonly address: string;
  close(): Promise<void>;
}
