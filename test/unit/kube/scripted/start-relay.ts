import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A cable between a client and a server. */
export interface Relay {
  readonly url: string;
  /** From now on nothing gets through and nobody is told, as with a firewall that forgot the connection. */
  cut(): void;
  /** New connections get through again; those that were cut stay dead. */
  mend(): void;
  stop(): Promise<void>;
}

/** Passes bytes on to the server at `url`. */
export async function startRelay(url: string): Promise<Relay> {
  const target = Number(new URL(url).port);
  const open = new Set<Socket>();
  let cutting = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.on('data', (chunk) => to.write(chunk));
    }
    if (cutting) silence(near, far);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      cutting = true;
      silence(...open);
    },
    mend() {
      cutting = false;
    },
    async stop() {
      const ended = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await ended;
    },
  };
}

function silence(...sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.removeAllListeners('data').pause();
}
