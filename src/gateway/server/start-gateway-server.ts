import type { Server as Http1Server } from 'node:http';
import type { Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ListenAddress } from '../../process/read-listen-address.ts';
import { buildHttp1Server, type Certificate, tlsVersions } from './build-http1-server.ts';
import { buildHttp2Server } from './build-http2-server.ts';
import type { ExchangeHandler } from './exchange.ts';
import { findProtocol } from './find-protocol.ts';
import { type ServerTimes, serverTimes } from './server-times.ts';

export interface GatewayServerOptions {
  readonly listen: ListenAddress;
  /** Absent: no TLS. */
  readonly certificate?: Certificate | undefined;
  readonly handle: ExchangeHandler;
  /** Other times than `serverTimes`. */
  readonly times?: Partial<ServerTimes>;
}

export interface GatewayServer {
  readonly port: number;
  /** For new connections. Throws when the two do not belong together. */
  setCertificate(certificate: Certificate): void;
  /** Takes no new connection, lets what is under way finish for `patience` milliseconds, then ends it. */
  close(patience: number): Promise<void>;
}

/** While it closes, how often the server looks for connections without a call, in milliseconds. */
const sweepEvery = 100;

/**
 * Listens for HTTP/1.1 and HTTP/2 on one port: with TLS the client chooses by ALPN, without it by its first bytes.
 * Rejects when the address cannot be listened on.
 */
export async function startGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const times = { ...serverTimes, ...options.times };
  const http2 = buildHttp2Server(options.handle, times);
  const http1 = buildHttp1Server(options.handle, options.certificate, times);
  const undecided = splitConnections(http1, http2.server, times.headers);
  await new Promise<void>((resolve, reject) => {
    http1.once('error', reject);
    http1.listen(options.listen.port, options.listen.host, resolve);
  });
  return {
    port: (http1.address() as AddressInfo).port,
    setCertificate: (certificate) => (http1 as HttpsServer).setSecureContext({ ...certificate, ...tlsVersions }),
    close: async (patience) => {
      const closed = new Promise<void>((resolve) => http1.close(() => resolve()));
      for (const socket of undecided) socket.destroy();
      for (const session of http2.sessions) session.close();
      // Connections that become idle from now on are not closed by themselves.
      const sweep = setInterval(() => http1.closeIdleConnections(), sweepEvery);
      const end = setTimeout(() => {
        http1.closeAllConnections();
        for (const session of http2.sessions) session.destroy();
      }, patience);
      await Promise.all([closed, http2.whenIdle()]);
      clearInterval(sweep);
      clearTimeout(end);
    },
  };
}

/** Hands each new connection to the parser that its client speaks. Returns those that have not said anything yet. */
function splitConnections(http1: Http1Server, http2: Http2Server, patience: number): ReadonlySet<Socket> {
  const event = 'setSecureContext' in http1 ? 'secureConnection' : 'connection';
  const takeHttp1 = http1.listeners(event);
  http1.removeAllListeners(event);
  const pass = (socket: Socket, protocol: 'http1' | 'http2'): void => {
    if (protocol === 'http2') http2.emit('connection', socket);
    else for (const take of takeHttp1) take.call(http1, socket);
  };
  const undecided = new Set<Socket>();
  http1.on(event, (socket: Socket | TLSSocket) => {
    if ('alpnProtocol' in socket) {
      pass(socket, socket.alpnProtocol === 'h2' ? 'http2' : 'http1');
      return;
    }
    undecided.add(socket);
    socket.once('close', () => undecided.delete(socket));
    findProtocol(socket, patience, (protocol) => {
      undecided.delete(socket);
      pass(socket, protocol);
    });
  });
  return undecided;
}
