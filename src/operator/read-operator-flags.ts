import { parseDuration } from '../api/parse-duration.ts';
import { type Flag, type Given, readFlags, UsageError } from '../process/read-flags.ts';
import { type ListenAddress, readListenAddress } from '../process/read-listen-address.ts';
import { defaultSettings, type OperatorSettings } from './operator-settings.ts';

type FlagName =
  | 'kubeconfig'
  | 'watch-namespaces'
  | 'connection-limit'
  | 'gateway-url'
  | 'key-secret'
  | 'signing-key-interval'
  | 'workers'
  | 'admin'
  | 'no-leader-election'
  | 'log-level'
  | 'help'
  | 'version';

/** Every flag of the operator, in the order of `--help`. */
export const operatorFlags: Readonly<Record<FlagName, Flag>> = {
  kubeconfig: { value: 'FILE', help: 'cluster to work on; absent: KUBECONFIG, or the pod that the operator runs in' },
  'watch-namespaces': { value: 'A,B', help: 'work on these namespaces only; absent: all' },
  'connection-limit': { value: 'N', help: 'Connections that a namespace may have, 0 for no limit', fallback: '50' },
  'gateway-url': { value: 'URL', help: 'address of the gateway, for the keys uri and token-uri; absent: no such keys' },
  'key-secret': { value: 'NS/NAME', help: 'the key Secret', fallback: 'connection-system/connection-keys' },
  'signing-key-interval': { value: 'DURATION', help: 'make a new signing key this often', fallback: '720h' },
  workers: { value: 'N', help: 'Connections to work on side by side', fallback: '32' },
  admin: { value: 'ADDRESS', help: 'where /metrics, /healthz and /readyz are', fallback: '0.0.0.0:9090' },
  'no-leader-election': { help: 'work without a Lease; for one operator alone' },
  'log-level': { value: 'LEVEL', help: 'debug, info, warn or error', fallback: 'info' },
  help: { help: 'show this text' },
  version: { help: 'show the version' },
};

/** The command line of the operator, checked. */
export interface OperatorArguments {
  readonly kubeconfig: string | undefined;
  readonly admin: ListenAddress;
  readonly logLevel: string;
  readonly settings: OperatorSettings;
  readonly show: 'help' | 'version' | undefined;
}

/** Throws `UsageError` with a sentence that says what to write. */
export function readOperatorArguments(argv: readonly string[]): OperatorArguments {
  const given = readFlags(operatorFlags, argv);
  return {
    kubeconfig: textOf(given, 'kubeconfig'),
    admin: readAdmin(textOf(given, 'admin') ?? '0.0.0.0:9090'),
    logLevel: readLevel(textOf(given, 'log-level') ?? 'info'),
    show: given.help ? 'help' : given.version ? 'version' : undefined,
    settings: {
      watchNamespaces: readNamespaces(textOf(given, 'watch-namespaces')),
      connectionLimit:
        readCount('connection-limit', textOf(given, 'connection-limit'), 0) ?? defaultSettings.connectionLimit,
      gatewayUrl: readGatewayUrl(textOf(given, 'gateway-url')),
      keySecret: readKeySecret(textOf(given, 'key-secret')),
      signingKeyInterval: readInterval(textOf(given, 'signing-key-interval')),
      workers: readCount('workers', textOf(given, 'workers'), 1) ?? defaultSettings.workers,
      leaderElection: given['no-leader-election'] !== true,
    },
  };
}

function textOf(given: Given<typeof operatorFlags>, name: FlagName): string | undefined {
  const value = given[name];
  return typeof value === 'string' ? value : undefined;
}

const namePattern = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function readNamespaces(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !namePattern.test(name));
  if (wrong !== undefined)
    throw new UsageError(`--watch-namespaces: ${JSON.stringify(wrong)} is no namespace; write a,b.`);
  return [...new Set(names)].sort();
}

function readCount(flag: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(count) || count < least) throw new UsageError(`--${flag}: write a whole number from ${least} on.`);
  return count;
}

function readGatewayUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new UsageError('--gateway-url: write an address such as https://api.example.com.');
  }
  return text.replace(/\/+$/, '');
}

function readKeySecret(text: string | undefined): OperatorSettings['keySecret'] {
  if (text === undefined) return defaultSettings.keySecret;
  const [namespace = '', name = '', ...rest] = text.split('/');
  if (!namePattern.test(namespace) || !/^[a-z0-9][-.a-z0-9]{0,252}$/.test(name) || rest.length > 0) {
    throw new UsageError('--key-secret: write namespace/name.');
  }
  return { namespace, name };
}

function readInterval(text: string | undefined): number {
  if (text === undefined) return defaultSettings.signingKeyInterval;
  const interval = parseDuration(text);
  if (interval === undefined || interval < 3_600_000) {
    throw new UsageError('--signing-key-interval: write a duration of at least 1h, such as 720h.');
  }
  return interval;
}

function readAdmin(text: string): ListenAddress {
  const address = readListenAddress(text);
  if (!address) throw new UsageError('--admin: write an address and a port, such as 0.0.0.0:9090.');
  return address;
}

function readLevel(text: string): string {
  if (!['debug', 'info', 'warn', 'error'].includes(text))
    throw new UsageError('--log-level: write debug, info, warn or error.');
  return text;
}
