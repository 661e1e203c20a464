import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { ListenAddress } from './read-listen-address.ts';

export interface AdminServerOptions {
  readonly listen: ListenAddress;
  readonly registry: Registry;
  /** Why the program is not ready, in a sentence; `undefined` when it is. */
  readonly notReady: () => string | undefined;
  /** Answers what else there is; `undefined`: no such path. */
  readonly answerMore?: (request: IncomingMessage) => Promise<AdminAnswer | undefined>;
}

export interface AdminAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/metrics`, `/healthz` and `/readyz`. Rejects when the address cannot be listened on. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = createServer((request, response) => {
    answer(options, request).then(
      ({ status, type, body, headers }) => response.writeHead(status, { ...headers, 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.listen.port, options.listen.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

async function answer(options: AdminServerOptions, request: IncomingMessage): Promise<AdminAnswer> {
  const { registry, notReady, answerMore } = options;
  const text = (status: number, body: string): AdminAnswer => ({
    status,
    type: 'text/plain; charset=utf-8',
    body: `${body}\n`,
  });
  switch ((request.url ?? '').split('?', 1)[0]) {
    case '/metrics':
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    case '/healthz':
      return text(200, 'ok');
    case '/readyz': {
      const reason = notReady();
      return reason === undefined ? text(200, 'ok') : text(503, reason);
    }
    default:
      return (await answerMore?.(request)) ?? text(404, 'there are /metrics, /healthz and /readyz');
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
