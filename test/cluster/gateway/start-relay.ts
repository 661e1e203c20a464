import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';

/** A wire to the API server that can be cut: bytes stop in both directions, and nobody is told. */
export interface Relay {
  /** Leads through the relay, with the rights of the one that was given. */
  readonly kubeconfig: string;
  cut(): void;
  mend(): void;
  close(): void;
}

/** Passes bytes on as they are; TLS is between the client and the API server. */
export async function startRelay(cluster: Cluster, kubeconfig: string): Promise<Relay> {
  const { hostname, port } = new URL(cluster.url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    const onward = connect(Number(port), hostname);
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(one);
      one.on('data', (bytes) => other.write(bytes));
      one.on('error', () => undefined);
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (isCut) one.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    kubeconfig: redirect(kubeconfig, own, join(cluster.description.directory, `relay-${own}.json`)),
    cut() {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function redirect(kubeconfig: string, port: number, path: string): string {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
