import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One frame that came, as far as tests look at it (RFC 9113 section 4.1). */
export interface SeenFrame {
  readonly type: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** Types of frames (RFC 9113 section 6). */
export const frames = { data: 0, headers: 1, reset: 3, settings: 4, goAway: 7 } as const;
const [endStream, endHeaders] = [1, 4];

/** HEADERS of a request, each header spelled out: no client library has to agree with it. */
export function headersFrame(headers: readonly (readonly [string, string])[], isLast: boolean): Buffer {
  const block = headers.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]);
  return frame(frames.headers, endHeaders + (isLast ? endStream : 0), 1, Buffer.concat(block));
}

/** DATA of the same request. */
export function dataFrame(body: string, isLast: boolean): Buffer {
  return frame(frames.data, isLast ? endStream : 0, 1, Buffer.from(body, 'latin1'));
}

/** RST_STREAM of the same request. */
export function resetFrame(code: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return frame(frames.reset, 0, 1, payload);
}

/**
 * Speaks HTTP/2 by prior knowledge: sends frames of stream 1 one after the other, each when `until` of what came so far
 * holds for it, and returns what came in the end.
 */
export async function sendRawHttp2(
  port: number,
  parts: readonly Buffer[],
  isDone: (seen: readonly SeenFrame[]) => boolean,
  gap = 50,
): Promise<readonly SeenFrame[]> {
  const socket = connect(port, '127.0.0.1');
  let bytes = Buffer.alloc(0);
  let isClosed = false;
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    isClosed = true;
  });
  socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(frames.settings, 0, 0)]));
  for (const part of parts) {
    socket.write(part);
    await sleep(gap);
  }
  const deadline = Date.now() + 10_000;
  while (!isClosed && !isDone(readFrames(bytes)) && Date.now() < deadline) await sleep(10);
  socket.destroy();
  return readFrames(bytes);
}

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUIntBE((type << 8) + flags, 3, 2);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A text without Huffman coding, of at most 126 bytes (RFC 7541 section 5.2). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length > 126) throw new Error('longer texts need more bytes for their length');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function readFrames(bytes: Buffer): readonly SeenFrame[] {
  const seen: SeenFrame[] = [];
  let at = 0;
  while (at + 9 <= bytes.length) {
    const length = bytes.readUIntBE(at, 3);
    const payload = bytes.subarray(at + 9, at + 9 + length);
    if (payload.length < length) break;
    seen.push({ type: bytes.readUInt8(at + 3), stream: bytes.readUInt32BE(at + 5), payload });
    at += 9 + length;
  }
  return seen;
}
