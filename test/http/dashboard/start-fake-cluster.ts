import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it reached the cluster. */
export interface ClusterRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** Answers a request that is about more than who asks; `false` leaves it to the fake, which says 404. */
export type Script = (request: ClusterRequest, response: ServerResponse) => boolean;

/** An API server that knows who has which token, and what a test tells it. */
export interface FakeCluster {
  readonly url: string;
  /** Everything that came, in order. */
  readonly requests: ClusterRequest[];
  /** Names of users by token. Whoever is taken out is 401 from then on. */
  readonly users: Map<string, string>;
  script: Script;
}

const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

export async function startFakeCluster(): Promise<FakeCluster> {
  const cluster = {
    url: '',
    requests: [] as ClusterRequest[],
    users: new Map([
      ['alices-token', 'alice'],
      ['bobs-token', 'bob'],
    ]),
    script: (() => false) as Script,
  };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body };
      cluster.requests.push(seen);
      const name = cluster.users.get(/^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? '');
      if (name === undefined) return sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
      if (url.startsWith(reviews)) {
        return sendJson(response, 201, { status: { userInfo: { username: name, groups: ['system:authenticated'] } } });
      }
      if (!cluster.script(seen, response)) sendStatus(response, 404, 'NotFound', 'the server could not find it');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cluster.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return cluster;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** An error in the form of the API server. */
export function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}
