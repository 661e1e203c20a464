import { systemNamespace } from '../../api/names.ts';
import { isKubeError } from '../../kube/kube-error.ts';
import { openPortForward, type PortForward } from '../../kube/port-forward.ts';
import { UsageError } from '../../process/read-flags.ts';
import type { OpenCluster } from '../open-cluster.ts';
import type { CommandLine } from '../read-command-line.ts';
import { findGatewayPods } from './find-gateway-pods.ts';

/** Which side of a gateway: where clients call, or where metrics and flows are. */
export type GatewaySide = 'api' | 'admin';

/** Addresses of one side of the gateways, or why there is none. */
export type GatewayReach =
  | { readonly origins: readonly string[]; close(): Promise<void> }
  | { readonly missing: string };

const hint = 'give --gateway URL, or ask for the verbs list on pods, get and create on pods/portforward there';

/**
 * Finds the gateways: by `--gateway` and `--gateway-admin`, else with a port-forward to their pods: to each for `api` or
 * with `every`, else to the first, because all tell the same of flows. Never throws for one that cannot be reached.
 */
export async function reachGateway(
  cluster: OpenCluster,
  line: CommandLine,
  side: GatewaySide,
  { every = side === 'api' }: { readonly every?: boolean } = {},
): Promise<GatewayReach> {
  const given = side === 'api' ? line.text('gateway') : (line.text('gateway-admin') ?? line.text('gateway'));
  if (given !== undefined) return { origins: [readOrigin(given)], close: async () => {} };
  if (side === 'api' && line.text('gateway-admin') !== undefined) {
    return { missing: 'of the gateway only its admin port is known: give --gateway URL too' };
  }
  const forwards: PortForward[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(forwards.map((forward) => forward.close()));
  };
  try {
    const pods = await findGatewayPods(cluster);
    if (pods.length === 0) {
      return {
        missing: `no gateway is ready in namespace ${systemNamespace}: give --gateway URL where it runs elsewhere`,
      };
    }
    for (const pod of every ? pods : pods.slice(0, 1)) {
      const port = side === 'admin' ? pod.adminPort : pod.apiPort;
      forwards.push(await openPortForward(cluster.access, { namespace: systemNamespace, pod: pod.name, port }));
    }
    return { origins: forwards.map(({ origin }) => origin), close };
  } catch (error) {
    await close();
    if (!isKubeError(error)) throw error;
    return { missing: `the gateway in namespace ${systemNamespace} cannot be reached (${error.sentence}): ${hint}` };
  }
}

function readOrigin(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${JSON.stringify(text)} is no address of a gateway: write http://HOST:PORT or https://HOST.`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
