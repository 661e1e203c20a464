import { systemNamespace } from '../../api/names.ts';
import { resourcesPath } from '../../kube/resource-paths.ts';
import type { OpenCluster } from '../open-cluster.ts';

/** A gateway that runs in the cluster. */
export interface GatewayPod {
  readonly name: string;
  readonly apiPort: number;
  readonly adminPort: number;
}

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec: {
    readonly containers: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const selector = 'app.kubernetes.io/name=connection-gateway';

/** Those that are ready, by name. Fails with a `KubeError` for whoever may not list pods there. */
export async function findGatewayPods({ client }: OpenCluster): Promise<readonly GatewayPod[]> {
  const { items } = await client.list<Pod>(resourcesPath('', 'v1', 'pods', systemNamespace), {
    labelSelector: selector,
  });
  return items
    .filter(isReady)
    .map(({ metadata, spec }) => {
      const ports = spec.containers.flatMap((container) => container.ports ?? []);
      const find = (name: string, usual: number): number =>
        ports.find((port) => port.name === name)?.containerPort ?? usual;
      return { name: metadata.name, apiPort: find('api', 8080), adminPort: find('admin', 9090) };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function isReady({ metadata, status }: Pod): boolean {
  const isSaid = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
  return isSaid === true && metadata.deletionTimestamp === undefined;
}
