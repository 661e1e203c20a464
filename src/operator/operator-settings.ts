/** How an operator was asked to run; the command line's flags, read and checked. */
export interface OperatorSettings {
  /** `undefined`: all namespaces. */
  readonly watchNamespaces: readonly string[] | undefined;
  /** Connections that a namespace may have; 0: no limit. */
  readonly connectionLimit: number;
  /** Without a slash at its end; `undefined`: no `uri` and `token-uri` in Secrets. */
  readonly gatewayUrl: string | undefined;
  readonly keySecret: { readonly namespace: string; readonly name: string };
  /** Milliseconds. */
  readonly signingKeyInterval: number;
  /** Connections that are worked on side by side. */
  readonly workers: number;
  readonly leaderElection: boolean;
}

/** What is used where a flag is absent. */
export const defaultSettings: OperatorSettings = {
  watchNamespaces: undefined,
  connectionLimit: 50,
  gatewayUrl: undefined,
  keySecret: { namespace: 'connection-system', name: 'connection-keys' },
  signingKeyInterval: 720 * 3_600_000,
  workers: 32,
  leaderElection: true,
};
