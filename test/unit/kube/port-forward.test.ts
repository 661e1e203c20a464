import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { ClusterAccess } from '../../../src/kube/cluster-access.ts';
import { openPortForward } from '../../../src/kube/port-forward.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** What a kubelet does behind the API server: a TCP connection to a pod for each WebSocket. */
async function startApiServer(podPort: number) {
  const asked: { path: string; authorization: string | undefined; protocol: string | undefined }[] = [];
  const server = createHttpServer();
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][0] ?? false });
  sockets.on('connection', (socket, request) => {
    asked.push({
      path: request.url ?? '',
      authorization: request.headers.authorization,
      protocol: request.headers['sec-websocket-protocol'],
    });
    const port = Buffer.alloc(2);
    port.writeUInt16LE(9090);
    for (const channel of [0, 1]) socket.send(Buffer.concat([Buffer.of(channel), port]));
    const pod = createConnection(podPort, '127.0.0.1');
    pod.on('data', (bytes) => socket.send(Buffer.concat([Buffer.of(0), bytes])));
    pod.on('error', () => socket.send(Buffer.concat([Buffer.of(1), Buffer.from('connection refused')])));
    pod.on('close', () => socket.close());
    socket.on('message', (data: Buffer) => {
      if (data[0] === 0) pod.write(data.subarray(1));
    });
    socket.on('close', () => pod.destroy());
  });
  ends.push(() => {
    for (const socket of sockets.clients) socket.terminate();
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  return { origin, asked };
}

function accessTo(server: string): ClusterAccess {
  return {
    server,
    namespace: undefined,
    proxy: undefined,
    readCredentials: async () => ({ headers: { authorization: 'Bearer mine' }, tls: {} }),
    forgetCredentials: () => {},
  };
}

const target = { namespace: 'connection-system', pod: 'connection-gateway-0', port: 9090 };

test('calls reach the pod, several at once, large ones whole', async () => {
  const big = 'x'.repeat(3_000_000);
  const pod = createHttpServer((request, response) => {
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
    });
    request.on('end', () => response.end(request.url === '/big' ? big : `${request.url} ${length}`));
  });
  const { origin, asked } = await startApiServer(await listen(pod));
  const forward = await openPortForward(accessTo(origin), target);
  const read = async (path: string, body?: string): Promise<string> =>
    (await fetch(`${forward.origin}${path}`, body === undefined ? {} : { method: 'POST', body })).text();
  expect(await Promise.all([read('/a'), read('/b', big), read('/big')])).toEqual(['/a 0', '/b 3000000', big]);
  expect(asked[0]).toEqual({
    path: '/api/v1/namespaces/connection-system/pods/connection-gateway-0/portforward?ports=9090',
    authorization: 'Bearer mine',
    protocol: 'v4.channel.k8s.io',
  });
  await forward.close();
  await expect(read('/a')).rejects.toThrow();
});

test('a pod that does not listen ends the call', async () => {
  const { origin } = await startApiServer(1);
  const forward = await openPortForward(accessTo(origin), target);
  await expect(fetch(forward.origin)).rejects.toThrow();
  await forward.close();
});

test('a refusal of the API server is said before anything listens', async () => {
  const server = createHttpServer();
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n'));
  const origin = `http://127.0.0.1:${await listen(server)}`;
  await expect(openPortForward(accessTo(origin), target)).rejects.toMatchObject({
    name: 'KubeError',
    sentence: expect.stringContaining('it needs the verbs get and create on pods/portforward'),
  });
});
