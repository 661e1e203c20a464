import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { PeerConnection } from '../request/read-public-address.ts';
import type { RawRequest } from '../request/read-request.ts';
import { type Exchange, hasReplyBody } from './exchange.ts';
import { isCutShort } from './is-cut-short.ts';

/** What the `stream` event of a session hands over. */
export interface Http2Request {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  /** The client waits for a 100 before it sends the body. */
  readonly waitsForContinue: boolean;
  readonly hasBody: boolean;
}

/** A request over HTTP/2, with or without TLS. */
export class Http2Exchange implements Exchange {
  readonly raw: RawRequest;
  readonly connection: PeerConnection;
  readonly hasBody: boolean;
  readonly body: ServerHttp2Stream;
  #waitsForContinue: boolean;
  #hasReplyBody = true;
  #isAborted = false;

  constructor(stream: ServerHttp2Stream, request: Http2Request) {
    const socket = stream.session?.socket;
    const { method, target, rawHeaders } = request;
    this.raw = { method, target, rawHeaders, version: '2.0' };
    this.connection = { peer: socket?.remoteAddress ?? '', tls: stream.session?.encrypted === true };
    this.hasBody = request.hasBody;
    this.body = stream;
    this.#waitsForContinue = request.waitsForContinue;
    // What happened is seen by `onClose`.
    stream.on('error', () => undefined);
    stream.once('wantTrailers', () => this.#finish());
  }

  isBodyComplete(): boolean {
    return !this.hasBody || (this.body.readableEnded && !isCutShort(this.body));
  }

  askForBody(): void {
    if (!this.#waitsForContinue || this.isOver) return;
    this.#waitsForContinue = false;
    this.body.additionalHeaders({ ':status': 100 });
  }

  get isStarted(): boolean {
    return this.body.headersSent;
  }

  start(status: number, headers: readonly string[]): void {
    this.#hasReplyBody = hasReplyBody(this.raw.method, status);
    if (this.isOver) return;
    const endStream = !this.#hasReplyBody;
    // Node ends whatever it closes, and what it ends looks whole to the client: so the last frame is ours to send.
    this.body.respond(buildHeaders(status, headers), { endStream, waitForTrailers: !endStream });
  }

  write(chunk: Uint8Array): boolean {
    return !this.#hasReplyBody || this.isOver || this.body.write(chunk);
  }

  end(): void {
    if (this.isOver) return;
    if (this.#hasReplyBody) this.body.end();
    else if (!this.isBodyComplete()) this.#closeWell();
  }

  abort(): void {
    this.#isAborted = true;
    this.body.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  /** All of the reply is written: the frame that says so, unless the reply was broken off. */
  #finish(): void {
    if (this.#isAborted || this.isOver) return;
    this.body.sendTrailers({});
    // Sent in a moment of its own, this one after it.
    if (!this.isBodyComplete()) setImmediate(() => this.#closeWell());
  }

  /** A body that nobody wants ends with the reply: NO_ERROR says that the reply counts (RFC 9113 section 8.1). */
  #closeWell(): void {
    this.body.close(constants.NGHTTP2_NO_ERROR);
  }

  get isOver(): boolean {
    return this.body.destroyed || this.body.closed;
  }

  onDrain(listener: () => void): void {
    this.body.on('drain', listener);
  }

  onClose(listener: (whole: boolean) => void): void {
    const { body } = this;
    body.once('close', () => listener(body.writableFinished && body.rstCode === constants.NGHTTP2_NO_ERROR));
  }
}

/** Several values of one name become a list, which Node sends as so many lines. */
function buildHeaders(status: number, lines: readonly string[]): OutgoingHttpHeaders {
  const headers: Record<string, string | string[] | number> = { ':status': status };
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] ?? '';
    const value = lines[at + 1] ?? '';
    const known = headers[name];
    headers[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [String(known)]), value];
  }
  return headers;
}
