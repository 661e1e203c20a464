import type { ServerResponse } from 'node:http';
import { type ClusterRequest, type Script, sendJson, sendStatus } from './start-fake-cluster.ts';

const root = '/apis/connect.pim.dev/v1beta1/';

/** Connections of a fake cluster, which are listed in pages and watched; roles and groups there are none. */
export class ListWatchScript {
  /** By namespace and name, as in `team/erp`. */
  readonly objects: Map<string, object> = new Map();
  /** Open watches by path. */
  readonly watches: Map<ServerResponse, string> = new Map();
  /** Answers some requests otherwise; `true` when it did. */
  interfere: Script = () => false;
  #version = 100;

  readonly script: Script = (request, response) => {
    if (this.interfere(request, response)) return true;
    const url = new URL(request.url, 'http://cluster');
    if (url.pathname.endsWith('/selfsubjectaccessreviews')) {
      sendJson(response, 201, { status: { allowed: true } });
      return true;
    }
    if (!url.pathname.startsWith(root)) return false;
    if (url.searchParams.has('watch')) this.#watch(url.pathname, response);
    else this.#list(url, response);
    return true;
  };

  put(namespace: string, name: string, more: object = {}): void {
    this.#version += 1;
    const metadata = { namespace, name, uid: `${namespace}-${name}`, resourceVersion: String(this.#version) };
    const object = { metadata: { ...metadata, managedFields: [{ manager: 'x' }] }, spec: { label: name }, ...more };
    this.objects.set(`${namespace}/${name}`, object);
    this.#tell('MODIFIED', namespace, object);
  }

  remove(namespace: string, name: string): void {
    const object = this.objects.get(`${namespace}/${name}`);
    this.objects.delete(`${namespace}/${name}`);
    this.#version += 1;
    if (object !== undefined) this.#tell('DELETED', namespace, object);
  }

  /** Ends every open watch in order, as the API server does. */
  endWatches(): void {
    for (const response of this.watches.keys()) response.end();
  }

  #list(url: URL, response: ServerResponse): void {
    const all = [...this.objects].filter(([key]) => isIn(url.pathname, key)).map(([, object]) => object);
    const from = Number(url.searchParams.get('continue') ?? 0);
    const to = from + Number(url.searchParams.get('limit') ?? all.length);
    const metadata = { resourceVersion: String(this.#version), ...(to < all.length && { continue: String(to) }) };
    sendJson(response, 200, { metadata, items: all.slice(from, to) });
  }

  #watch(path: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    this.watches.set(response, path);
    response.on('close', () => this.watches.delete(response));
  }

  #tell(type: string, namespace: string, object: object): void {
    for (const [response, path] of this.watches) {
      if (isIn(path, `${namespace}/`)) response.write(`${JSON.stringify({ type, object })}\n`);
    }
  }
}

/** Whether an object of this key (`team/erp`) is among those that a path lists. */
function isIn(path: string, key: string): boolean {
  const [, namespace] = /\/namespaces\/([^/]+)\//.exec(path) ?? [];
  return path.endsWith('/connections') && (namespace === undefined || key.startsWith(`${namespace}/`));
}

/** The API server's 403. */
export function refuseList(_request: ClusterRequest, response: ServerResponse): boolean {
  sendStatus(response, 403, 'Forbidden', 'connections is forbidden: User "alice" cannot list resource "connections"');
  return true;
}
