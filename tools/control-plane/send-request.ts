import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** An answer of the API server, whatever its status. */
export interface ApiAnswer<Body> {
  readonly status: number;
  /** Parsed JSON, of the shape that the caller expects (nobody checks); the text itself where it is no JSON. */
  readonly body: Body;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query, as in `/api/v1/namespaces/default/secrets?limit=1`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default `application/json`; a merge patch for `PATCH`. */
  readonly contentType?: string;
}

interface Access {
  readonly url: string;
  readonly token: string;
  readonly agent: Agent;
}

const accesses = new Map<string, Access>();

/** Milliseconds in all for which an API server may ask to come again. */
const patience = 60_000;

/**
 * Sends one request as the user of a kubeconfig that a control plane wrote, again when the API server says 429, as it does
 * while it starts. Rejects only when there is no answer.
 */
export async function sendRequest<Body>(kubeconfig: string, wanted: ApiRequest): Promise<ApiAnswer<Body>> {
  const deadline = performance.now() + patience;
  for (;;) {
    const answer = await sendOnce<Body>(kubeconfig, wanted);
    if (answer.status !== 429 || performance.now() > deadline) return answer;
    await sleep(200);
  }
}

async function sendOnce<Body>(kubeconfig: string, wanted: ApiRequest): Promise<ApiAnswer<Body>> {
  const { url, token, agent } = openAccess(kubeconfig);
  const method = wanted.method ?? 'GET';
  const type = wanted.contentType ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': type };
  const { promise, resolve, reject } = Promise.withResolvers<ApiAnswer<Body>>();
  const outgoing = request(new URL(wanted.path, url), { method, agent, headers, timeout: 30_000 }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    answer.once('error', reject);
    answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: parseBody(text) as Body }));
  });
  outgoing.once('error', (error) => {
    // The certificate may have been read before the API server had written it.
    accesses.delete(kubeconfig);
    // A connection of an API server that was killed since: no part of this was read by anybody.
    const wasOver = outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET' && method === 'GET';
    if (wasOver) sendOnce<Body>(kubeconfig, wanted).then(resolve, reject);
    else reject(error);
  });
  outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer within 30 s: ${method} ${wanted.path}`)));
  outgoing.end(wanted.body === undefined ? undefined : JSON.stringify(wanted.body));
  return promise;
}

function openAccess(kubeconfig: string): Access {
  const known = accesses.get(kubeconfig);
  if (known !== undefined) return known;
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const { server, 'certificate-authority': certificate } = clusters[0].cluster;
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca: readFileSync(certificate) });
  const access: Access = { url: server, token: users[0].user.token, agent };
  accesses.set(kubeconfig, access);
  return access;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
