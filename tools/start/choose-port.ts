import { createServer } from 'node:net';
import { findFreePort } from '../control-plane/find-free-port.ts';

/** This port of 127.0.0.1 when nobody listens on it, else another one. */
export async function choosePort(preferred: number): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  server.once('error', () => resolve(undefined));
  server.listen(preferred, '127.0.0.1', () => server.close(() => resolve(preferred)));
  return (await promise) ?? findFreePort();
}
