import type { ServerResponse } from 'node:http';
import type { Answer } from '../answer.ts';

/** Sends an answer. `headers` are those of every answer; the answer's own win. A HEAD gets no body. */
export function writeAnswer(reply: ServerResponse, answer: Answer, headers: Readonly<Record<string, string>>): void {
  const { type, bytes } = encodeBody(answer.body);
  reply.writeHead(answer.status, {
    ...headers,
    ...(type && { 'content-type': type }),
    ...answer.headers,
    // RFC 9110 section 8.6: a 204 has none.
    ...(answer.status !== 204 && { 'content-length': bytes.length }),
  });
  if (reply.req.method === 'HEAD' || answer.status === 204) reply.end();
  else reply.end(bytes);
}

function encodeBody(body: unknown): { readonly type: string | undefined; readonly bytes: Buffer } {
  if (body === undefined) return { type: undefined, bytes: Buffer.alloc(0) };
  if (body instanceof Uint8Array) return { type: undefined, bytes: Buffer.from(body) };
  if (typeof body === 'string') return { type: 'text/plain; charset=utf-8', bytes: Buffer.from(body) };
  return { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };
}
