import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPage } from '../build-page.ts';
import { startDashboardProgram } from '../dashboard-program.ts';
import { reservePort, reservePreferredPort } from '../reserve-port.ts';
import { startSampleApi } from '../sample-api/start-sample-api.ts';
import { type RunningProgram, startProgram } from '../start-program.ts';
import type { TargetCluster } from './target-cluster.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** The programs of the project, and what stands behind them. */
export interface Programs {
  /** Where clients reach the gateway. */
  readonly gateway: string;
  /** The gateway's admin port: metrics and data flows. */
  readonly admin: string;
  /** Where the sample API listens, behind the gateway. */
  readonly api: string;
  /** Where the page of the dashboard is. */
  readonly dashboard: string;
  /** Settles with the name and the last lines of the first program that ends by itself. */
  readonly ended: Promise<{ readonly name: string; readonly lines: readonly string[] }>;
  /** Resolves when gateway and dashboard take calls. */
  whenReady(): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds that a program has to finish its work after SIGTERM. */
const patience = 15_000;

/** Starts the operator, the gateway, a sample API behind it and the dashboard. Each writes its log into `folder`. */
export async function startPrograms(cluster: TargetCluster, folder: string): Promise<Programs> {
  await buildPage();
  const api = await startSampleApi();
  const [port, adminPort] = [await reservePreferredPort(8080), await reservePreferredPort(9090)];
  const admin = `127.0.0.1:${adminPort}`;
  const config = join(folder, 'gateway.yaml');
  writeFileSync(config, buildConfig(port, admin, api.origin, folder));
  const dashboard = await startDashboardProgram({
    kubeconfig: cluster.kubeconfig,
    gateways: [`http://${admin}`],
    port: await reservePreferredPort(8081),
    onLine: buildLog(folder, 'dashboard'),
  });
  const started = {
    operator: startProgram({
      file: 'src/bin/operator.ts',
      args: ['--admin', `127.0.0.1:${await reservePort()}`],
      env: { KUBECONFIG: cluster.operatorKubeconfig },
      onLine: buildLog(folder, 'operator'),
    }),
    gateway: startProgram({
      file: 'src/bin/gateway.ts',
      args: ['--config', config],
      env: { KUBECONFIG: cluster.gatewayKubeconfig },
      onLine: buildLog(folder, 'gateway'),
    }),
    dashboard,
  };
  const programs = Object.entries(started);
  return {
    gateway: `http://127.0.0.1:${port}`,
    admin: `http://${admin}`,
    api: api.origin,
    dashboard: dashboard.origin,
    ended: Promise.race(programs.map(([name, program]) => program.exited.then(() => ({ name, lines: program.lines })))),
    whenReady: async () => {
      await Promise.all([waitUntilReady(`http://${admin}`), dashboard.ready()]);
    },
    stop: async () => {
      await Promise.all(programs.map(([, program]) => endProgram(program)));
      await api.stop();
    },
  };
}

function buildConfig(port: number, admin: string, upstream: string, folder: string): string {
  return [
    `listen: 127.0.0.1:${port}`,
    `admin: ${admin}`,
    'upstream:',
    `  url: ${upstream}`,
    'flows:',
    `  store: ${JSON.stringify(`sqlite:${join(folder, 'connection.db')}`)}`,
    '',
  ].join('\n');
}

/** Writes lines into a file of this name in a folder. */
export function buildLog(folder: string, name: string): (line: string) => void {
  const file = createWriteStream(join(folder, `${name}.log`));
  return (line) => void file.write(`${line}\n`);
}

async function endProgram(program: RunningProgram): Promise<void> {
  const ended = program.stop('SIGTERM').then(() => true);
  if (await Promise.race([ended, sleep(patience, false, { ref: false })])) return;
  await program.stop('SIGKILL');
}
