import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire to PostgreSQL that can lose the answer to a COMMIT: what was written is there, and the writer never hears so. */
export interface ForgetfulWire {
  /** The database's address through the wire. */
  readonly store: string;
  /** Answers that were lost so far. */
  readonly lost: number;
  /** Loses the answers to this many commits from now on, and the connections with them. */
  lose(commits: number): void;
  close(): void;
}

/** @param store address of the database. */
export async function startForgetfulWire(store: string): Promise<ForgetfulWire> {
  const sockets = new Set<Socket>();
  let toLose = 0;
  let lost = 0;
  const server = createServer((client) => {
    const { hostname, port } = new URL(store);
    const database = connect(Number(port), hostname);
    let isCommitting = false;
    client.on('data', (bytes) => {
      isCommitting = toLose > 0 && bytes.includes('COMMIT\0');
      if (isCommitting) toLose--;
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      if (!isCommitting) client.write(bytes);
      else {
        lost++;
        client.destroy();
      }
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = new URL(store);
  address.port = String((server.address() as AddressInfo).port);
  return {
    store: address.href,
    get lost() {
      return lost;
    },
    lose(commits) {
      toLose = commits;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
