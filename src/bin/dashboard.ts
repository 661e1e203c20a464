#!/usr/bin/env node
import { buildViewerLogin } from '../dashboard/server/open-logins.ts';
import { dashboardFlags, readDashboardArguments } from '../dashboard/server/read-dashboard-arguments.ts';
import { startDashboard } from '../dashboard/server/start-dashboard.ts';
import { readClusterAddress } from '../kube/read-cluster-address.ts';
import { buildLogger } from '../process/build-logger.ts';
import { buildHelp } from '../process/read-flags.ts';
import { readVersion, runProgram } from '../process/run-program.ts';

const usage = 'connection-dashboard: a page of all Connections, for whoever the cluster knows';

await runProgram(async () => {
  const { show, settings, kubeconfig, logLevel } = readDashboardArguments(process.argv.slice(2));
  if (show) {
    process.stdout.write(show === 'help' ? buildHelp(usage, dashboardFlags) : `${readVersion()}\n`);
    return;
  }
  const log = buildLogger('dashboard', logLevel);
  const address = await readClusterAddress(kubeconfig === undefined ? {} : { kubeconfig });
  const dashboard = await startDashboard({ settings, login: buildViewerLogin(address), log });
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping');
    void dashboard.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  log.info({ version: readVersion(), host: settings.listen.host, port: dashboard.port }, 'listening');
});
