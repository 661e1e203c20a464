import { createServer as createPlainServer } from 'node:http';
import { createSecureServer, type ServerHttp2Session } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ClusterAccess, TlsMaterial } from '../../../../src/kube/cluster-access.ts';
import { buildKubeClient, type KubeClient, type KubeClientOptions } from '../../../../src/kube/kube-client.ts';
import { reservePort } from '../../../../tools/reserve-port.ts';
import { certificate, certificateKey } from './certificate.ts';

/** A request as the script sees it. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly httpVersion: string;
}

/** What a script does with the answer; bytes go out as they are written. */
export interface ScriptedAnswer {
  status(code: number, headers?: Readonly<Record<string, string>>): void;
  /** `sent` is called when the other side has made room for it. */
  write(chunk: string | Uint8Array, sent?: () => void): void;
  end(chunk?: string): void;
  json(code: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
  /** Breaks the stream, over HTTP/1.1 the connection. */
  break(): void;
}

export type Script = (request: ScriptedRequest, answer: ScriptedAnswer) => void;

export interface ScriptedServer {
  readonly url: string;
  /** May be replaced at any time. */
  script: Script;
  readonly requests: ScriptedRequest[];
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  readonly sockets: ReadonlySet<Socket>;
  /** Connections so far. */
  readonly connections: number;
  buildAccess(tls?: TlsMaterial): ClusterAccess;
  buildClient(options?: Partial<KubeClientOptions>): KubeClient;
  /** Resets every connection and listens no more. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  restart(): Promise<void>;
}

export type Protocol = 'h2' | 'https' | 'http';

const sharedTls: TlsMaterial = { ca: certificate };

/** A server that answers what a test says, byte by byte. */
export async function startScriptedServer(script: Script, protocol: Protocol = 'h2'): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const requests: ScriptedRequest[] = [];
  const clients: KubeClient[] = [];
  let connections = 0;
  let server: Server | undefined;

  const port = await reservePort();

  const listen = async (): Promise<void> => {
    const next = buildServer(protocol, (request, answer) => {
      requests.push(request);
      scripted.script(request, answer);
    });
    next.on('session', (session: ServerHttp2Session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      session.on('error', () => {});
    });
    next.on('connection', (socket: Socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => next.listen(port, '127.0.0.1', resolve));
    server = next;
  };
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => server?.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    await ended;
  };

  const scripted: ScriptedServer = {
    get url() {
      return `${protocol === 'http' ? 'http' : 'https'}://127.0.0.1:${port}`;
    },
    script,
    requests,
    sessions,
    sockets,
    get connections() {
      return connections;
    },
    buildAccess: (tls = sharedTls) => ({
      server: scripted.url,
      namespace: undefined,
      proxy: undefined,
      readCredentials: async () => ({ headers: {}, tls }),
      forgetCredentials() {},
    }),
    buildClient: (options = {}) => {
      const client = buildKubeClient({ access: scripted.buildAccess(), ...options });
      clients.push(client);
      return client;
    },
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await stop();
    },
    restart: async () => {
      await stop();
      await listen();
    },
  };
  await listen();
  return scripted;
}

function buildServer(protocol: Protocol, handle: Script): Server {
  const tls = { cert: certificate, key: certificateKey };
  if (protocol === 'h2') {
    return createSecureServer(tls, (request, response) => {
      readBody(request, (body) => {
        const { method, url, headers, httpVersion } = request;
        handle(
          buildRequest(method, url, headers, body, httpVersion),
          buildAnswer(response, () => response.stream.close(2)),
        );
      });
    });
  }
  const listener = (
    request: import('node:http').IncomingMessage,
    response: import('node:http').ServerResponse,
  ): void => {
    readBody(request, (body) => {
      const { method = '', url = '', headers, httpVersion } = request;
      handle(
        buildRequest(method, url, headers, body, httpVersion),
        buildAnswer(response, () => response.destroy()),
      );
    });
  };
  return protocol === 'https' ? createTlsServer(tls, listener) : createPlainServer(listener);
}

function readBody(request: Readable, then: (body: string) => void): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => then(body));
  request.on('error', () => {});
}

function buildRequest(
  method: string,
  target: string,
  headers: ScriptedRequest['headers'],
  body: string,
  httpVersion: string,
): ScriptedRequest {
  const { pathname, searchParams } = new URL(target, 'https://127.0.0.1');
  return { method, path: pathname, query: searchParams, headers, body, httpVersion };
}

interface Response {
  writeHead(status: number, headers?: Readonly<Record<string, string>>): unknown;
  flushHeaders?(): void;
  write(chunk: string | Uint8Array, sent?: () => void): unknown;
  end(chunk: string): unknown;
  on(event: 'error', listener: () => void): unknown;
}

function buildAnswer(response: Response, breakOff: () => void): ScriptedAnswer {
  response.on('error', () => {});
  const status: ScriptedAnswer['status'] = (code, headers = {}) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.flushHeaders?.();
  };
  return {
    status,
    write: (chunk, sent = () => {}) => void response.write(chunk, sent),
    end: (chunk = '') => void response.end(chunk),
    json: (code, body, headers) => {
      status(code, headers);
      response.end(JSON.stringify(body));
    },
    break: breakOff,
  };
}
