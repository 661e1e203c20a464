import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RawAnswer {
  /** Everything that came, one character a byte. */
  readonly text: string;
  /** Status lines in it. */
  readonly statuses: readonly number[];
  /** The other side ended the connection. */
  readonly closed: boolean;
}

export interface RawOptions {
  /** Milliseconds between two parts. */
  readonly gap?: number;
  /** Milliseconds without another byte after which the answer counts as complete, once all answers have begun. */
  readonly quiet?: number;
  /** Final answers that have to come, unless the connection ends; 0: perhaps none. Default 1. */
  readonly answers?: number;
  /** Ends our side of the connection after the last part. */
  readonly halfClose?: boolean;
}

/** Milliseconds that an answer may take to begin on a busy machine. */
const patience = 10_000;

/** Sends bytes as they are and collects what comes back, until the connection ends or nothing comes any more. */
export async function sendRaw(
  port: number,
  parts: string | readonly string[],
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { gap = 10, quiet = 300, answers = 1, halfClose = false } = options;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  let closed = false;
  let last = Date.now();
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    last = Date.now();
  });
  socket.on('end', () => (closed = true));
  socket.on('error', () => (closed = true));
  socket.on('close', () => (closed = true));
  for (const part of typeof parts === 'string' ? [parts] : parts) {
    if (closed) break;
    socket.write(part, 'latin1');
    last = Date.now();
    await sleep(gap);
  }
  if (halfClose) socket.end();
  const allBegan = (): boolean => readStatuses(text).filter((status) => status >= 200).length >= answers;
  while (!closed && Date.now() - last < (allBegan() ? quiet : patience)) await sleep(10);
  socket.destroy();
  return { text, statuses: readStatuses(text), closed };
}

function readStatuses(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
