import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Cluster } from '../control-plane/open-cluster.ts';
import { findKubelet } from './find-kubelet.ts';

/** A node of a control plane. Nothing runs on it; port-forwards to its pods lead to ports of this machine. */
export interface LocalNode {
  readonly name: string;
  /** Ends its endpoint; the Node stays. */
  stop(): Promise<void>;
}

/** Registers a Node whose endpoint forwards ports with the code of kubelets. It ends with this process at the latest. */
export async function startNode(cluster: Cluster): Promise<LocalNode> {
  const file = await findKubelet((line) => process.stderr.write(`${line}\n`));
  // Its standard input is the channel by which it notices that this process is gone.
  const child = spawn(file, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended]);
  const name = 'local';
  await create(cluster, Number(line), name);
  return {
    name,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

async function create(cluster: Cluster, port: number, name: string): Promise<void> {
  const body = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    },
  };
  const { status } = await cluster.request({ method: 'POST', path: '/api/v1/nodes', body });
  if (status !== 201) throw new Error(`the API server answered ${status} to a Node with port ${port}`);
}
