import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below what Linux and macOS give to outgoing connections, so that no client takes a port between its choice and its
 * use, nor while a program that had it is started again.
 */
const [first, last] = [10_000, 32_767];

/**
 * A TCP port of 127.0.0.1 that nobody listens on, for a program to be started with. No other process that asks here gets
 * it as long as this one lives, so it is also there when that program comes back.
 */
export async function reservePort(): Promise<number> {
  for (;;) {
    const port = randomInt(first, last + 1);
    if (await reserve(port)) return port;
  }
}

/** This port when it is free, else another one. */
export async function reservePreferredPort(preferred: number): Promise<number> {
  return (await reserve(preferred)) ? preferred : reservePort();
}

/** The UDP port of the same number is the mark of a reservation: the system allows one holder, and forgets a dead one. */
async function reserve(port: number): Promise<boolean> {
  const mark = createSocket('udp4').unref();
  const isOurs = await settle((done, failed) => {
    mark.once('error', failed).bind({ port, address: '127.0.0.1', exclusive: true }, done);
  });
  const isFree = isOurs && (await isUnused(port));
  if (!isFree) mark.close();
  return isFree;
}

function isUnused(port: number): Promise<boolean> {
  const server = createServer();
  return settle((done, failed) => {
    server.once('error', failed).listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(done));
  });
}

function settle(start: (done: () => void, failed: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    start(
      () => resolve(true),
      () => resolve(false),
    );
  });
}
