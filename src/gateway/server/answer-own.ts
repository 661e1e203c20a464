import { readNetwork } from '../limits/read-network.ts';
import { findHeader } from '../request/read-headers.ts';
import type { PublicAddress } from '../request/read-public-address.ts';
import type { ReadRequest } from '../request/read-request.ts';
import type { OwnReply, OwnRequest } from '../token/own-request.ts';
import { longestBody } from '../token/read-parameters.ts';
import type { Exchange } from './exchange.ts';
import { readOwnBody } from './read-own-body.ts';
import { writeError, writeReply } from './write-reply.ts';

/** One of the gateway's own endpoints. */
export type OwnEndpoint = (request: OwnRequest) => Promise<OwnReply> | OwnReply;

/** What is known about where a request comes from. */
export interface Origin {
  readonly clientAddress: string;
  readonly publicAddress: PublicAddress;
}

/** Reads the body, asks the endpoint and writes its answer. Returns the status, `undefined` when the client is gone. */
export async function answerOwn(
  exchange: Exchange,
  request: ReadRequest,
  endpoint: OwnEndpoint,
  { clientAddress, publicAddress }: Origin,
): Promise<number | undefined> {
  const { method, target, headers } = request;
  const body = await readOwnBody(exchange, headers.contentLength);
  if (body === 'gone') return undefined;
  if (body === 'tooLong') {
    writeError(exchange, 413, `Request content exceeded the maximum allowed size of ${longestBody} bytes`);
    return 413;
  }
  if (body === 'late') {
    writeError(exchange, 408, 'The body of the request did not arrive in time.');
    return 408;
  }
  const reply = await endpoint({
    method,
    path: `/${target.segments.join('/')}`,
    header: (name) => findHeader(headers.lines, name),
    body,
    network: readNetwork(clientAddress),
    publicOrigin: publicAddress.base,
  });
  writeReply(exchange, reply.status, reply.headers, reply.body);
  return reply.status;
}
