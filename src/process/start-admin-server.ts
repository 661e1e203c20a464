import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { ListenAddress } from './read-listen-address.ts';

export interface AdminServerOptions {
  readonly listen: ListenAddress;
  readonly registry: Registry;
  /** Why the program is not ready, in a sentence; `undefined` when it is. */
  readonly notReady: () => string | undefined;
}

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/metrics`, `/healthz` and `/readyz`. Rejects when the address cannot be listened on. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = createServer((request, response) => {
    answer(options, request.url ?? '').then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.listen.port, options.listen.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer({ registry, notReady }: AdminServerOptions, url: string): Promise<Answer> {
  const text = (status: number, body: string): Answer => ({
    status,
    type: 'text/plain; charset=utf-8',
    body: `${body}\n`,
  });
  switch (url.split('?', 1)[0]) {
    case '/metrics':
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    case '/healthz':
      return text(200, 'ok');
    case '/readyz': {
      const reason = notReady();
      return reason === undefined ? text(200, 'ok') : text(503, reason);
    }
    default:
      return text(404, 'there are /metrics, /healthz and /readyz');
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
