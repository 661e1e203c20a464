import type { Socket } from 'node:net';

/** How every HTTP/2 connection begins, by prior knowledge (RFC 9113 section 3.4). No method that is served begins so. */
const preface = Buffer.from('PRI');

/**
 * Which protocol a client speaks on a connection without TLS, by its first bytes, which stay readable. Never called when
 * the client goes away or stays silent for `patience` milliseconds; the socket is destroyed then.
 */
export function findProtocol(socket: Socket, patience: number, take: (protocol: 'http1' | 'http2') => void): void {
  const giveUp = (): void => void socket.destroy();
  const timer = setTimeout(giveUp, patience);
  let start = Buffer.alloc(0);
  const look = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    start = Buffer.concat([start, chunk]);
    const known = Math.min(start.length, preface.length);
    const isPreface = start.subarray(0, known).equals(preface.subarray(0, known));
    if (isPreface && known < preface.length) return;
    release();
    socket.unshift(start);
    take(isPreface ? 'http2' : 'http1');
  };
  const release = (): void => {
    clearTimeout(timer);
    socket.off('readable', look);
    socket.off('end', giveUp);
    socket.off('close', release);
    socket.off('error', giveUp);
  };
  socket.on('readable', look);
  socket.once('end', giveUp);
  socket.once('close', release);
  socket.once('error', giveUp);
}
