import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server to stand behind the gateway. */
export interface TestUpstream {
  readonly origin: string;
  /** What arrived, complete requests only where the handler waits for the body. */
  readonly requests: readonly IncomingMessage[];
  /** Connections that are open at the moment. */
  readonly sockets: ReadonlySet<Socket>;
  /** Ends it with all its connections. */
  close(): void;
}

/** Answers as `handle` does; stops when the test is over. */
export async function startUpstream(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestUpstream> {
  const upstream = await openUpstream(handle);
  onTestFinished(() => upstream.close());
  return upstream;
}

/** The same for several tests: whoever opens it closes it. */
export async function openUpstream(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestUpstream> {
  const requests: IncomingMessage[] = [];
  const server = createServer({ maxHeaderSize: 100_000 }, (request, response) => {
    requests.push(request);
    handle(request, response);
  });
  server.maxHeadersCount = 0;
  server.keepAliveTimeout = 60_000;
  return { ...(await listen(server)), requests };
}

/** Answers with bytes; nothing checks whether they are HTTP. */
export async function startRawUpstream(handle: (socket: Socket) => void): Promise<TestUpstream> {
  const server = createRawServer((socket) => {
    socket.on('error', () => undefined);
    handle(socket);
  });
  const upstream = { ...(await listen(server)), requests: [] };
  onTestFinished(() => upstream.close());
  return upstream;
}

async function listen(server: Server): Promise<Omit<TestUpstream, 'requests'>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, close };
}

/** Ends a reply with what the upstream saw: method, target, headers and body. */
export function echo(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, rawHeaders } = request;
    const headers = Object.fromEntries(pairs(rawHeaders));
    const body = Buffer.concat(chunks).toString('latin1');
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(JSON.stringify({ method, url, headers, lines: rawHeaders.length / 2, body }));
  });
}

function* pairs(raw: readonly string[]): IterableIterator<readonly [string, string]> {
  for (let at = 0; at + 1 < raw.length; at += 2) yield [(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? ''];
}
