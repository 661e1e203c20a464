import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastifyProxy from '@fastify/http-proxy';
import fastify from 'fastify';
import { type Body, buildBodies } from './build-bodies.ts';

/** What the gateway is compared with and what stands behind it; argument: which, and for the proxy the origin behind. */
const [kind, upstream = ''] = process.argv.slice(2);

/** A server that does nothing but answer 200. */
const answer: RequestListener = (_request, response) => {
  response.end();
};

/** A PIM that answers from memory, by the target. */
function buildPim(): RequestListener {
  let bodies: ReadonlyMap<string, Body> | undefined;
  return (request, response) => {
    bodies ??= buildBodies(`http://127.0.0.1:${request.socket.localPort}`);
    const body = bodies.get(request.url ?? '');
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': body.type, 'content-length': body.bytes.length }).end(body.bytes);
  };
}

async function listen(): Promise<number> {
  if (kind === 'proxy') {
    const server = fastify();
    await server.register(fastifyProxy, { upstream, undici: { connections: 128, pipelining: 1 } });
    return Number(new URL(await server.listen({ port: 0, host: '127.0.0.1' })).port);
  }
  const server = createServer(kind === 'pim' ? buildPim() : answer);
  // As the gateway's: on a busy machine a connection may have to wait.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

process.stdout.write(`${JSON.stringify({ port: await listen() })}\n`);
