import { readFileSync, writeFileSync } from 'node:fs';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Agent, request as send } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';
import { paths } from '../../../tools/control-plane/write-credentials.ts';

/** What becomes of a request. */
export type Fate =
  | { readonly kind: 'passed' }
  /** Answered by the proxy; the API server never hears of it. */
  | { readonly kind: 'answered'; readonly status: number; readonly reason: string; readonly retryAfter?: number }
  /** The API server acts on it, and its answer is lost: the stream is broken off, or it becomes a 500. */
  | { readonly kind: 'broken' | 'spoilt' };

export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly isWatch: boolean;
}

export interface TroubledProxy {
  /** A kubeconfig that leads through the proxy, with the rights of the one that was given. */
  readonly kubeconfig: string;
  /** How often each kind of trouble was made, by kind or status. */
  readonly made: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const passedOn = ['authorization', 'content-type', 'accept', 'user-agent'] as const;

/** An HTTP/2 server in front of the API server, with its certificate, that does to each request what `decide` says. */
export async function startTroubledProxy(
  cluster: Cluster,
  kubeconfig: string,
  decide: (asked: Asked) => Fate,
): Promise<TroubledProxy> {
  const { directory } = cluster.description;
  const cert = readFileSync(join(directory, paths.certificate));
  const key = readFileSync(join(directory, paths.certificates, 'apiserver.key'));
  const agent = new Agent({ keepAlive: true, ca: cert });
  const made = new Map<string, number>();
  const server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const isWatch = query.includes('watch=true');
    const fate = decide({ method: request.method ?? 'GET', path, isWatch });
    const kind = fate.kind === 'answered' ? String(fate.status) : fate.kind;
    made.set(kind, (made.get(kind) ?? 0) + 1);
    if (fate.kind === 'answered') refuse(response, fate);
    else forward(cluster.url, agent, request, response, fate.kind);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  return {
    kubeconfig: redirect(kubeconfig, `https://127.0.0.1:${port}`, join(directory, `proxy-${port}.json`)),
    made,
    async close() {
      for (const session of sessions) session.destroy();
      agent.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function redirect(kubeconfig: string, server: string, path: string): string {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  config.clusters[0].cluster.server = server;
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

function refuse(response: Http2ServerResponse, fate: Extract<Fate, { kind: 'answered' }>): void {
  const { status, reason, retryAfter } = fate;
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'trouble', reason, code: status };
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  });
  response.end(JSON.stringify(body));
}

function forward(
  url: string,
  agent: Agent,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  fate: 'passed' | 'broken' | 'spoilt',
): void {
  const headers = Object.fromEntries(
    passedOn.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, request.headers[name]]])),
  );
  const onward = send(new URL(request.url ?? '', url), { method: request.method, agent, headers }, (answer) => {
    if (fate !== 'passed') {
      const isEndless = request.url?.includes('watch=true') === true;
      answer.resume().once(isEndless ? 'resume' : 'end', () => {
        if (fate === 'broken') response.stream.close(2);
        else refuse(response, { kind: 'answered', status: 500, reason: 'InternalError' });
      });
      return;
    }
    const type = answer.headers['content-type'] ?? 'application/json';
    response.writeHead(answer.statusCode ?? 500, { 'content-type': type, date: answer.headers.date });
    answer.pipe(response.stream);
  });
  onward.once('error', () => response.stream.close(2));
  response.stream.once('close', () => onward.destroy());
  request.pipe(onward);
}
