import { type Flag, readFlags, UsageError } from '../../process/read-flags.ts';

type FlagName = 'config' | 'kubeconfig' | 'log-level' | 'help' | 'version';

/** Every flag of the gateway, in the order of `--help`. */
export const gatewayFlags: Readonly<Record<FlagName, Flag>> = {
  config: { value: 'FILE', help: 'configuration, in YAML' },
  kubeconfig: { value: 'FILE', help: 'cluster to read Connections from; absent: KUBECONFIG, or the pod it runs in' },
  'log-level': { value: 'LEVEL', help: 'debug, info, warn or error', fallback: 'info' },
  help: { help: 'show this text' },
  version: { help: 'show the version' },
};

/** The command line of the gateway, checked. */
export type GatewayArguments =
  | { readonly show: 'help' | 'version' }
  | {
      readonly show: undefined;
      readonly config: string;
      readonly kubeconfig: string | undefined;
      readonly logLevel: string;
    };

/** Throws `UsageError` with a sentence that says what to write. */
export function readGatewayArguments(argv: readonly string[]): GatewayArguments {
  const given = readFlags(gatewayFlags, argv);
  if (given.help || given.version) return { show: given.help ? 'help' : 'version' };
  const [config, kubeconfig, logLevel = 'info'] = [given.config, given.kubeconfig, given['log-level']].map((value) =>
    typeof value === 'string' ? value : undefined,
  );
  if (config === undefined) throw new UsageError('--config is missing: write --config FILE.');
  if (!['debug', 'info', 'warn', 'error'].includes(logLevel))
    throw new UsageError('--log-level: write debug, info, warn or error.');
  return { show: undefined, config, kubeconfig, logLevel };
}
