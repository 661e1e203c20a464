import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservePort } from '../reserve-port.ts';
import type { Binaries } from './binaries.ts';
import { buildApiServerFlags, buildControllerManagerFlags, buildEtcdFlags } from './build-flags.ts';
import { callStore, compactStore } from './call-store.ts';
import { findBinaries, reportToStderr } from './find-binaries.ts';
import { buildGuardedProgram, type GuardedProgram } from './guarded-program.ts';
import { type Cluster, openCluster } from './open-cluster.ts';
import { buildControllerProbe } from './probe-controllers.ts';
import { type Guardian, startGuardian } from './start-guardian.ts';
import { type ClusterUser, testUsers } from './test-users.ts';
import { writeCredentials } from './write-credentials.ts';

export interface ControlPlaneOptions {
  /** Known to the API server beside `testUsers`. */
  readonly users?: readonly ClusterUser[];
  /** Enabled beside the default ones, as in `OwnerReferencesPermissionEnforcement`. */
  readonly admissionPlugins?: readonly string[];
  /** Whether `writes()` works; costs the API server a line for each write. Default true. */
  readonly audit?: boolean;
  /** Further flags of kube-apiserver; they win over the usual ones. */
  readonly apiServerFlags?: readonly string[];
  /**
   * Runs between the start of the API server and that of kube-controller-manager. CRDs that are applied here are known
   * to the garbage collector at once; it finds later ones within 30 seconds.
   */
  readonly prepare?: (cluster: Cluster) => Promise<void>;
  /** Hears of the progress; standard error otherwise. */
  readonly report?: (line: string) => void;
}

export interface ControlPlaneProcesses {
  readonly guardian: number;
  readonly etcd: number | undefined;
  readonly 'kube-apiserver': number | undefined;
  readonly 'kube-controller-manager': number | undefined;
}

/** A control plane that this process started, and that ends with it. */
export interface ControlPlane extends Cluster {
  /** Process ids now; `undefined` for a program that does not run. */
  pids(): ControlPlaneProcesses;
  /** Ends the API server and waits until it is gone. Default SIGKILL. */
  killApiServer(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the API server again on the same port with the same data, after SIGKILL if it runs; waits until ready. */
  restartApiServer(): Promise<void>;
  /** SIGSTOP: connections stay open, and nothing answers from when it resolves. */
  pauseApiServer(): Promise<void>;
  resumeApiServer(): Promise<void>;
  /** Without it nothing is garbage-collected and no namespace goes away. */
  killControllerManager(): Promise<void>;
  startControllerManager(): Promise<void>;
  /**
   * Lets the store forget every revision but the newest. The API server has some of them in its cache until it is
   * restarted; then older `continue` tokens and watches get 410.
   */
  compactStore(): Promise<void>;
  /** Ends all of it and removes its directory. */
  stop(): Promise<void>;
}

/** The guardian ends them in this order: no server is without the one that it needs. */
const endOrder = ['kube-apiserver', 'kube-controller-manager', 'etcd'];

/**
 * Starts etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1, in a temporary directory, ready
 * when it returns: the API server answers and the controllers work. Any number can run side by side. It ends with
 * `stop()`, and with this process, however that ends.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = await findBinaries(options.report ?? reportToStderr);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(binaries, options);
    } catch (error) {
      // Somebody took the port between its choice and the start of the API server.
      const portTaken = error instanceof Error && error.message.includes('address already in use');
      if (!portTaken || attempt === 3) throw error;
    }
  }
}

async function startOnce(binaries: Binaries, options: ControlPlaneOptions): Promise<ControlPlane> {
  const directory = mkdtempSync(join(tmpdir(), 'control-plane-'));
  const guardian = startGuardian(directory, endOrder);
  try {
    const port = await reservePort();
    const url = `https://127.0.0.1:${port}`;
    const users = [...testUsers, ...(options.users ?? [])];
    writeCredentials(directory, url, users);
    const names = users.map((user) => user.name);
    const cluster = openCluster({ url, directory, kubectl: binaries.kubectl, users: names });

    const { admissionPlugins = [], audit = true, apiServerFlags = [] } = options;
    const etcd = buildGuardedProgram(guardian, directory, {
      name: 'etcd',
      file: binaries.etcd,
      args: buildEtcdFlags(directory),
      buildProbe: () => async () => (await callStore<{ health: string }>(directory, '/health')).health === 'true',
    });
    const apiServer = buildGuardedProgram(guardian, directory, {
      name: 'kube-apiserver',
      file: binaries['kube-apiserver'],
      args: buildApiServerFlags(directory, { port, admissionPlugins, audit, flags: apiServerFlags }),
      buildProbe: () => async () => (await cluster.request({ path: '/readyz' })).status === 200,
    });
    const controllerManager = buildGuardedProgram(guardian, directory, {
      name: 'kube-controller-manager',
      file: binaries['kube-controller-manager'],
      args: buildControllerManagerFlags(directory),
      buildProbe: () => buildControllerProbe(cluster),
    });
    await etcd.start();
    await apiServer.start();
    await options.prepare?.(cluster);
    await controllerManager.start();
    return buildHandle(cluster, guardian, { etcd, apiServer, controllerManager });
  } catch (error) {
    await guardian.end();
    throw error;
  }
}

interface Programs {
  readonly etcd: GuardedProgram;
  readonly apiServer: GuardedProgram;
  readonly controllerManager: GuardedProgram;
}

function buildHandle(cluster: Cluster, guardian: Guardian, programs: Programs): ControlPlane {
  const { etcd, apiServer, controllerManager } = programs;
  return {
    ...cluster,
    pids: () => ({
      guardian: guardian.pid,
      etcd: etcd.pid,
      'kube-apiserver': apiServer.pid,
      'kube-controller-manager': controllerManager.pid,
    }),
    killApiServer: (signal = 'SIGKILL') => apiServer.end(signal),
    async restartApiServer() {
      await apiServer.end('SIGKILL');
      await apiServer.start();
    },
    pauseApiServer: () => apiServer.signal('SIGSTOP'),
    resumeApiServer: () => apiServer.signal('SIGCONT'),
    killControllerManager: () => controllerManager.end('SIGKILL'),
    startControllerManager: () => controllerManager.start(),
    compactStore: () => compactStore(cluster.description.directory),
    stop: () => guardian.end(),
  };
}
