import { type Flag, type Given, readFlags, UsageError } from '../../process/read-flags.ts';
import { type ListenAddress, readListenAddress } from '../../process/read-listen-address.ts';
import type { DashboardSettings } from './dashboard-settings.ts';

type FlagName = 'listen' | 'host' | 'gateway' | 'image-hosts' | 'kubeconfig' | 'log-level' | 'help' | 'version';

/** Every flag of the dashboard, in the order of `--help`. */
export const dashboardFlags: Readonly<Record<FlagName, Flag>> = {
  listen: { value: 'ADDRESS', help: 'where the page is served', fallback: '0.0.0.0:8081' },
  host: { value: 'NAME', help: 'name in the address of the page, beside localhost; repeatable', repeatable: true },
  gateway: {
    value: 'URL',
    help: "a gateway's admin port, for data flows; repeatable, once for each store",
    repeatable: true,
  },
  'image-hosts': { value: 'A,B', help: 'hosts whose images are shown without a click', repeatable: true },
  kubeconfig: { value: 'FILE', help: 'address of the cluster; absent: KUBECONFIG, or the cluster that it runs in' },
  'log-level': { value: 'LEVEL', help: 'debug, info, warn or error', fallback: 'info' },
  help: { help: 'show this text' },
  version: { help: 'show the version' },
};

/** The command line of the dashboard, checked. */
export interface DashboardArguments {
  readonly show: 'help' | 'version' | undefined;
  readonly settings: DashboardSettings;
  readonly kubeconfig: string | undefined;
  readonly logLevel: string;
}

/** Throws `UsageError` with a sentence that says what to write. */
export function readDashboardArguments(argv: readonly string[]): DashboardArguments {
  const given = readFlags(dashboardFlags, argv);
  const kubeconfig = given.kubeconfig;
  return {
    show: given.help ? 'help' : given.version ? 'version' : undefined,
    kubeconfig: typeof kubeconfig === 'string' ? kubeconfig : undefined,
    logLevel: readLevel(listOf(given, 'log-level')[0] ?? 'info'),
    settings: {
      listen: readListen(listOf(given, 'listen')[0] ?? '0.0.0.0:8081'),
      hosts: listOf(given, 'host').map((text) => readHost('host', text)),
      imageHosts: listOf(given, 'image-hosts').map((text) => readHost('image-hosts', text)),
      gateways: listOf(given, 'gateway').map(readGateway),
    },
  };
}

function listOf(given: Given<typeof dashboardFlags>, name: FlagName): string[] {
  const value = given[name];
  return typeof value === 'string' ? value.split(',').map((text) => text.trim()) : [];
}

/** The name alone: a policy or a comparison of addresses must not find anything else in it. */
function readHost(flag: FlagName, text: string): string {
  const name = text.toLowerCase();
  if (/^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(name)) return name;
  throw new UsageError(`--${flag}: ${JSON.stringify(text)} is no host; write a name such as connections.example.com.`);
}

function readGateway(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password) return url;
  throw new UsageError('--gateway: write the address of an admin port, such as http://connection-gateway:9090.');
}

function readListen(text: string): ListenAddress {
  const address = readListenAddress(text);
  if (!address) throw new UsageError('--listen: write an address and a port, such as 0.0.0.0:8081.');
  return address;
}

function readLevel(text: string): string {
  if (['debug', 'info', 'warn', 'error'].includes(text)) return text;
  throw new UsageError('--log-level: write debug, info, warn or error.');
}
