import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

class ResetError extends Error {
  readonly code = 'ECONNRESET';
}

/**
 * undici's own connector, which hands a connection over one turn of the event loop later. Whoever begins to use a TLS
 * socket inside the event of its handshake misses a reset that follows at once (Node 24, `node:http2` above all), and
 * waits for ever: in one run of four on a server that is killed again and again. One turn later it was none of 200.
 */
export function buildSettledConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (error !== null) callback(error, null);
      else setImmediate(() => handOver(socket, callback));
    });
}

function handOver(socket: Socket, callback: buildConnector.Callback): void {
  if (socket.destroyed || socket.readableEnded) callback(socket.errored ?? new ResetError(), null);
  else callback(null, socket);
}
