import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { SamplePim } from '../unit/gateway/catalog/pim/sample-pim.ts';
import { startUpstream, type TestUpstream } from './start-upstream.ts';

/** A request that arrived whole. */
export interface ArrivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The sample PIM on a port, and what arrived there. */
export interface ServedPim extends TestUpstream {
  readonly arrived: readonly ArrivedRequest[];
}

/**
 * Serves it with everything that a reply may carry about its bytes: length, digest, ETag; compressed when asked for.
 *
 * @param answer answers in its place; `false`: it does not
 */
export async function startSamplePim(
  pim: SamplePim,
  answer: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<ServedPim> {
  const arrived: ArrivedRequest[] = [];
  const upstream = await startUpstream((request, response) => {
    if (answer(request, response)) return;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks);
      arrived.push({ method, url, headers, body });
      const [path = '', query = ''] = url.split(/(?=\?)/);
      const reply = pim.ask({ method, path, query, body: body.length > 0 ? body : undefined });
      const own = reply.body.toString().replaceAll('http://pim.internal', upstream.origin);
      send(request, response, reply.status, own);
    });
  });
  return { ...upstream, arrived };
}

function send(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  const isZipped = /gzip/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = isZipped ? gzipSync(text) : Buffer.from(text);
  // In digits, so that nothing in it looks like a name.
  const hash = createHash('sha256').update(body).digest('hex');
  response.writeHead(status, {
    'content-type': request.headers['content-type']?.includes('collection')
      ? 'application/vnd.akeneo.collection+json'
      : 'application/json',
    ...(status !== 204 && { 'content-length': body.length }),
    ...(isZipped && { 'content-encoding': 'gzip' }),
    etag: `"${hash}"`,
    'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
    'content-digest': `sha-256=:${hash}:`,
    ...(status === 201 && { location: `http://${request.headers.host}/api/rest/v1/products/new` }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
