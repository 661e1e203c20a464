import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isKubeError } from '../../kube/kube-error.ts';
import type { KubeLog } from '../../kube/kube-log.ts';
import { buildHandler } from './build-handler.ts';
import type { DashboardSettings } from './dashboard-settings.ts';
import type { ClusterLogin } from './sessions/cluster-login.ts';
import { SignInDesk } from './sessions/sign-in-desk.ts';
import { readViewer } from './sessions/viewer.ts';
import { readPageFiles } from './static/page-files.ts';
import { signedOut } from './translate-kube-error.ts';

export interface DashboardOptions {
  readonly settings: DashboardSettings;
  readonly login: ClusterLogin;
  readonly log: KubeLog;
  /** Folder of the built page. */
  readonly page?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Milliseconds between two looks at the sessions: who watches is asked about that often. Default 5,000. */
  readonly sweepEvery?: number;
}

export interface RunningDashboard {
  readonly port: number;
  /** Signs the kubeconfig's viewer in once, within a minute; for logins by kubeconfig alone. */
  createCode(): string;
  /** Signs everybody out and ends. */
  close(): Promise<void>;
}

/** Where the build puts the page. */
export const builtPage: string = new URL('../../../dist/page', import.meta.url).pathname;

/** Milliseconds. A browser sends its whole request at once. */
const times = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 60_000 };
/** Bytes of headers: a proxy's token with hundreds of groups is one of them. */
const maxHeaderSize = 65_536;
/** Connections of all browsers together. */
const maxConnections = 4_000;

/** Listens. Rejects when the address cannot be listened on. */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const { settings, login, log, page = builtPage, clock = Date.now, sweepEvery = 5_000 } = options;
  const desk = new SignInDesk(login, clock);
  const files = readPageFiles(page);
  if (files.size === 0) log.warn({}, 'the page is not built: run npm run build');
  const namespace = login.mode === 'kubeconfig' ? login.namespace : undefined;
  const server = createServer(
    { ...times, maxHeaderSize, requireHostHeader: false },
    buildHandler({ settings, desk, namespace, files, log }),
  );
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.listen.port, settings.listen.host, resolve);
  });
  const sweep = setInterval(() => void sweepSessions(desk), sweepEvery);
  return {
    port: (server.address() as AddressInfo).port,
    createCode: () => desk.createCode(),
    async close() {
      clearInterval(sweep);
      desk.sessions.endAll('The dashboard ends. Load the page again in a moment.');
      await closeServer(server);
    },
  };
}

/** Ends sessions whose time is over, and those that watch with a token that is not good any more: a watch asks once. */
async function sweepSessions(desk: SignInDesk): Promise<void> {
  const watching = desk.sessions.sweep().filter(({ streams }) => streams > 0);
  for (const session of watching) {
    try {
      await readViewer(session.client);
    } catch (error) {
      if (isKubeError(error) && error.status === 401) desk.sessions.end(session, signedOut);
    }
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // What streams were told last is on its way by then.
    setImmediate(() => server.closeAllConnections());
  });
}
