import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UsageError } from '../../process/read-flags.ts';
import type { Command } from '../command.ts';
import { clusterFlags, type Flags, gatewayFlags } from '../flag-groups.ts';
import { reachGateway } from '../gateway/reach-gateway.ts';
import type { CommandLine } from '../read-command-line.ts';
import { useCluster } from '../use-cluster.ts';

const { gateway, 'gateway-admin': gatewayAdmin } = gatewayFlags;

/** `dashboard`: the page on this machine, signed in. */
export const dashboard: Command = {
  name: 'dashboard',
  summary: 'Open the dashboard on this machine, signed in with the kubeconfig',
  operands: '',
  takes: { least: 0, most: 0 },
  description: [
    'Runs the dashboard on 127.0.0.1 until Ctrl-C; what you see and may do is what your kubeconfig may. The address works\nonce and for a minute, so that nobody else on this machine gets in with it.',
  ],
  examples: [
    ['dashboard', 'opens a browser'],
    ['dashboard --no-open --port 8081', 'prints the address'],
  ],
  flags: {
    port: { value: 'NUMBER', help: 'port on 127.0.0.1', fallback: 'any free one' },
    open: { help: 'open a browser; --no-open prints the address alone', fallback: 'true' },
    ...({ gateway, 'gateway-admin': gatewayAdmin } as Flags),
    ...clusterFlags,
  },
  run: (line, tools) =>
    useCluster(line, tools, async ({ cluster }) => {
      const { terminal, startDashboard } = tools;
      const port = readPort(line);
      if (startDashboard === undefined) throw new Error('this build of kubectl connection has no dashboard');
      terminal.progress('Looking for the gateway …');
      const reach = await reachGateway(cluster, line, 'admin');
      if ('missing' in reach) terminal.note(`Flows, errors and warnings will be missing: ${reach.missing}.`);
      const gateways = 'missing' in reach ? [] : reach.origins;
      try {
        const running = await startDashboard({ access: cluster.access, port, gateways });
        terminal.print(`Dashboard: ${running.address}`);
        terminal.note('The address works once, within a minute. Ctrl-C ends the dashboard.');
        if (line.is('open') !== false && terminal.isWatched) openBrowser(running.address);
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
        await running.close();
      } finally {
        if (!('missing' in reach)) await reach.close();
      }
      return 0;
    }),
};

function readPort(line: CommandLine): number {
  const text = line.text('port') ?? '0';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port takes a number up to 65535, not ${text}.`);
  return port;
}

/** Where there is no browser the printed address is enough. */
function openBrowser(address: string): void {
  const [command = '', ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
