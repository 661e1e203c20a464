import type { Flag } from '../process/read-flags.ts';

/** A flag of a command. */
export interface CommandFlag extends Flag {
  /** One letter, as in `-n`. */
  readonly short?: string;
  /** May be given several times. */
  readonly many?: true;
  /** The only values that there are. */
  readonly choices?: readonly string[];
}

/** Flags of a command, by name. */
export type Flags = Readonly<Record<string, CommandFlag>>;

/** Flags of every command. */
export const helpFlags: Flags = { help: { short: 'h', help: 'show this' } };

/** Which cluster, as whom. */
export const clusterFlags: Flags = {
  kubeconfig: { value: 'FILE', help: 'kubeconfig to use', fallback: 'KUBECONFIG, the pod, ~/.kube/config' },
  context: { value: 'NAME', help: 'context of the kubeconfig', fallback: 'its current one' },
};

/** Which namespace. */
export const namespaceFlags: Flags = {
  namespace: { short: 'n', value: 'NAME', help: 'namespace', fallback: "the context's, else default" },
};

/** Every namespace. */
export const allNamespacesFlags: Flags = {
  'all-namespaces': { short: 'A', help: 'Connections of all namespaces' },
};

/** Where the gateway is and how it is asked. */
export const gatewayFlags: Flags = {
  gateway: { value: 'URL', help: 'address of the gateway', fallback: 'a port-forward to its pods' },
  'gateway-admin': {
    value: 'URL',
    help: "address of the gateway's admin port",
    fallback: 'a port-forward, or --gateway',
  },
  token: { value: 'TOKEN', help: 'bearer token for the admin port', fallback: "the kubeconfig's" },
  'service-account': {
    value: 'NAMESPACE/NAME',
    help: 'ask for a token of this ServiceAccount instead, where the kubeconfig has none',
  },
};

/** Where something is. Every command takes them, so that a script can give all of its commands the same ones. */
export const placeFlags: Flags = { ...clusterFlags, ...namespaceFlags, ...gatewayFlags };

/** Machine-readable output. */
export const outputFlags: Flags = {
  output: { short: 'o', value: 'FORMAT', help: 'json or yaml', choices: ['json', 'yaml'] },
};

/** No questions. */
export const yesFlags: Flags = { yes: { short: 'y', help: 'do not ask' } };
