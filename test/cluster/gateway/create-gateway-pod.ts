import { load } from 'js-yaml';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';
import type { LocalNode } from '../../../tools/kubelet/start-node.ts';
import { readText } from '../manifests/read-manifests.ts';
import type { RunningGateway } from './start-gateway.ts';

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: object;
      readonly spec: { readonly containers: readonly Container[] };
    };
  };
}

/** Makes the Pod that a gateway of this machine would run in: that of the Deployment, with the gateway's ports, ready. */
export async function createGatewayPod(cluster: Cluster, node: LocalNode, gateway: RunningGateway): Promise<void> {
  const { spec } = load(readText('manifests/gateway/deployment.yaml')) as Deployment;
  const { metadata, spec: pod } = spec.template;
  const ports: Readonly<Record<string, number>> = { api: gateway.port, admin: Number(new URL(gateway.admin).port) };
  const containers = pod.containers.map((container) => ({
    ...container,
    ports: container.ports.map((port) => ({ ...port, containerPort: ports[port.name] ?? port.containerPort })),
  }));
  const collection = '/api/v1/namespaces/connection-system/pods';
  const name = `connection-gateway-${gateway.port}`;
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name },
    spec: { ...pod, containers, nodeName: node.name },
  };
  const made = await cluster.request({ method: 'POST', path: collection, body });
  if (made.status !== 201) throw new Error(`the Pod of the gateway: ${made.status} ${JSON.stringify(made.body)}`);
  const conditions = [{ type: 'Ready', status: 'True' }];
  const patched = await cluster.request({
    method: 'PATCH',
    path: `${collection}/${name}/status`,
    body: { status: { phase: 'Running', conditions } },
    contentType: 'application/merge-patch+json',
  });
  if (patched.status !== 200) throw new Error(`the status of the gateway's Pod: ${patched.status}`);
}
