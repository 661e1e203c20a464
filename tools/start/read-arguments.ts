import { parseArgs } from 'node:util';

export const usage = `npm start [-- --yes]

Starts a local control plane, applies crds, manifests and examples, and runs operator, gateway and dashboard with a
sample API behind the gateway. Ctrl-C ends all of it.
With KUBECONFIG set it uses that cluster instead, after asking.

  --yes    do not ask before changing the cluster of KUBECONFIG
  --help   this text
`;

export interface StartArguments {
  readonly yes: boolean;
  readonly help: boolean;
}

/** Throws a sentence about an argument that is not known. */
export function readArguments(args: readonly string[]): StartArguments {
  const options = { yes: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ args: [...args], options });
  return values;
}
