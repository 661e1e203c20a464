import { createServer, type Server, type Socket } from 'node:net';
import { Agent, ProxyAgent, WebSocket } from 'undici';
import type { ClusterAccess } from './cluster-access.ts';
import { KubeError } from './kube-error.ts';

/** What a port-forward leads to. */
export interface ForwardTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** A port of this machine that leads to one of a pod. */
export interface PortForward {
  /** `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** Version of the protocol: the first byte of each message is a channel, 0 for data and 1 for errors. */
const protocol = 'v4.channel.k8s.io';
const dataChannel = 0;
const errorChannel = 1;
/** Bytes that may wait for the API server before the local side is no longer read. */
const highWater = 1024 * 1024;

/**
 * Listens on a free port of 127.0.0.1. Each connection to it becomes a WebSocket to the API server, which leads it to
 * the pod; what goes wrong there ends that connection. One trial connection comes first, so that a missing right is a
 * `KubeError` here and not a broken connection later.
 */
export async function openPortForward(access: ClusterAccess, target: ForwardTarget): Promise<PortForward> {
  const channels = new Set<WebSocket>();
  const connect = async (): Promise<WebSocket> => {
    const socket = await openChannel(access, target);
    channels.add(socket);
    socket.addEventListener('close', () => channels.delete(socket));
    return socket;
  };
  (await connect()).close();
  const server = createServer({ pauseOnConnect: true }, (local) => {
    connect().then(
      (remote) => join(local, remote),
      () => local.destroy(),
    );
  });
  const port = await listen(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      for (const channel of channels) channel.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.unref();
      });
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

async function openChannel(access: ClusterAccess, { namespace, pod, port }: ForwardTarget): Promise<WebSocket> {
  const { headers, tls } = await access.readCredentials();
  const connect = { ...tls, allowH2: false };
  const dispatcher =
    access.proxy === undefined ? new Agent({ connect }) : new ProxyAgent({ uri: access.proxy, requestTls: connect });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`;
  const url = `${access.server.replace(/^http/, 'ws').replace(/\/$/, '')}${path}?ports=${port}`;
  const socket = new WebSocket(url, { protocols: [protocol], headers, dispatcher });
  socket.binaryType = 'arraybuffer';
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => {
      const sentence = `the API server opens no port-forward to pod ${pod} in namespace ${namespace}: it needs the verbs get and create on pods/portforward, and a pod that runs`;
      reject(new KubeError({ code: 'Unavailable', status: 0, sentence }));
    });
  });
  socket.addEventListener('close', () => void dispatcher.destroy());
  return socket;
}

/** Brings bytes both ways. The first message of each channel is the port in two bytes, and no data. */
function join(local: Socket, remote: WebSocket): void {
  const begun = new Set<number>();
  remote.addEventListener('message', ({ data }) => {
    const bytes = Buffer.from(data as ArrayBuffer);
    const channel = bytes[0] ?? errorChannel;
    if (!begun.has(channel)) {
      begun.add(channel);
      return;
    }
    if (channel === errorChannel) local.destroy();
    else local.write(bytes.subarray(1));
  });
  remote.addEventListener('close', () => local.end());
  remote.addEventListener('error', () => local.destroy());
  local.on('data', (bytes) => {
    if (remote.readyState !== WebSocket.OPEN) return;
    remote.send(Buffer.concat([Buffer.of(dataChannel), bytes]));
    if (remote.bufferedAmount > highWater) waitForDrain(local, remote);
  });
  local.on('error', () => remote.close());
  local.on('close', () => remote.close());
  local.resume();
}

function waitForDrain(local: Socket, remote: WebSocket): void {
  local.pause();
  const timer = setInterval(() => {
    if (remote.bufferedAmount > highWater / 2 && remote.readyState === WebSocket.OPEN) return;
    clearInterval(timer);
    local.resume();
  }, 10);
}
