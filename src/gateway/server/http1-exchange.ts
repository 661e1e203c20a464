import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { HttpVersion } from '../request/read-headers.ts';
import type { PeerConnection } from '../request/read-public-address.ts';
import type { RawRequest } from '../request/read-request.ts';
import { type Exchange, hasReplyBody } from './exchange.ts';
import { sendTogether } from './send-together.ts';

/** A body of this length that nobody wants is read to its end rather than paid for with the connection. Bytes. */
const smallBody = 65_536;
/** What is read of a larger one while the client takes the reply in: bytes and milliseconds. */
const lingerBytes = 1_048_576;
const lingerTime = 1_000;
/** A longer chunk is worth a write of its own, and should not lie in memory for longer than it has to. Bytes. */
const smallChunk = 16_384;

/** The parser takes 0.9 and 2.0 too, whose requests have another form. */
function readVersion(text: string): HttpVersion {
  return text === '1.1' || text === '1.0' ? text : 'other';
}

/** A request over HTTP/1.0 or 1.1. */
export class Http1Exchange implements Exchange {
  readonly raw: RawRequest;
  readonly hasBody: boolean;
  readonly body: IncomingMessage;
  readonly #reply: ServerResponse;
  readonly #length: number | undefined;
  #waitsForContinue: boolean;
  #hasReplyBody = true;
  #closes = false;
  /** Chunks came that wait for nothing. */
  #isLarge = false;
  #isHeld = false;
  #isEnded = false;

  /** @param waitsForContinue the client sends its body after a 100 Continue. */
  constructor(request: IncomingMessage, reply: ServerResponse, waitsForContinue: boolean) {
    const { headers } = request;
    this.raw = {
      method: request.method ?? '',
      target: request.url ?? '',
      rawHeaders: request.rawHeaders,
      version: readVersion(request.httpVersion),
    };
    this.body = request;
    this.#reply = reply;
    this.#waitsForContinue = waitsForContinue;
    this.#length = headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;
    this.hasBody = this.#length !== 0;
  }

  /** Read when somebody asks: Node works the address out each time. */
  get connection(): PeerConnection {
    const { socket } = this.body;
    return { peer: socket.remoteAddress ?? '', tls: 'encrypted' in socket };
  }

  isBodyComplete(): boolean {
    return !this.hasBody || this.body.complete;
  }

  askForBody(): void {
    if (!this.#waitsForContinue) return;
    this.#waitsForContinue = false;
    this.#reply.writeContinue();
  }

  get isStarted(): boolean {
    return this.#reply.headersSent;
  }

  start(status: number, headers: readonly string[]): void {
    this.#hasReplyBody = hasReplyBody(this.raw.method, status);
    this.#closes = status === 408 || (!this.isBodyComplete() && !this.#isLeftSmall());
    this.#reply.writeHead(status, this.#closes ? [...headers, 'connection', 'close'] : [...headers]);
  }

  write(chunk: Uint8Array, onSent?: () => void): boolean {
    if (!this.#hasReplyBody) return true;
    if (chunk.length <= smallChunk) this.#hold();
    else this.#isLarge = true;
    if (onSent === undefined) return this.#reply.write(chunk);
    return this.#reply.write(chunk, (error) => {
      if (!error) onSent();
    });
  }

  end(): void {
    if (this.isBodyComplete()) this.#endTogether();
    else if (this.#closes) this.#linger();
    else {
      this.#reply.end();
      this.body.resume();
    }
  }

  /** An answer to HTTP/1.0 ends with the connection, so that one which breaks off has to end it by a reset. */
  abort(): void {
    const { socket } = this.body;
    if (socket instanceof TLSSocket) socket.destroy();
    else socket.resetAndDestroy();
  }

  get isOver(): boolean {
    return this.#reply.destroyed || this.body.socket.destroyed;
  }

  onDrain(listener: () => void): void {
    this.#reply.on('drain', listener);
  }

  onClose(listener: (whole: boolean) => void): void {
    this.#reply.once('close', () => listener(this.#reply.writableFinished));
  }

  #endTogether(): void {
    if (this.#isLarge && !this.#isHeld) {
      this.#reply.end();
      return;
    }
    this.#isEnded = true;
    this.#hold();
  }

  /** Head, chunks and end that come in one turn of the event loop leave in one piece, with those of other connections. */
  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    const { socket } = this.body;
    socket.cork();
    sendTogether(() => {
      this.#isHeld = false;
      // The end takes the cork out.
      if (this.#isEnded) this.#reply.end();
      else socket.uncork();
    });
  }

  /** Whoever was told to wait for a 100 may send the body or the next request: the connection cannot be used further. */
  #isLeftSmall(): boolean {
    return !this.#waitsForContinue && this.#length !== undefined && this.#length <= smallBody;
  }

  /**
   * The reply is out, the connection closes. A socket that is closed with unread bytes resets the connection, and the
   * client may lose the reply: so some of them are read first.
   */
  #linger(): void {
    const { body } = this;
    let left = lingerBytes;
    const finish = (): void => {
      clearTimeout(timer);
      body.off('data', count);
      body.pause();
      this.#reply.end();
    };
    const count = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left <= 0) finish();
    };
    const timer = setTimeout(finish, lingerTime);
    this.#reply.flushHeaders();
    body.on('data', count);
    body.once('end', finish);
    body.once('close', finish);
    body.resume();
  }
}
