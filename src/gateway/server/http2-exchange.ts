import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { PeerConnection } from '../request/read-public-address.ts';
import type { RawRequest } from '../request/read-request.ts';
import { type Exchange, hasReplyBody } from './exchange.ts';

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
  }

  isBodyComplete(): boolean {
    return !this.hasBody || this.body.readableEnded;
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
    if (!this.isOver) this.body.respond(buildHeaders(status, headers), { endStream: !this.#hasReplyBody });
  }

  write(chunk: Uint8Array): boolean {
    return !this.#hasReplyBody || this.isOver || this.body.write(chunk);
  }

  end(): void {
    if (this.isOver) return;
    const { body } = this;
    // A body that nobody wants ends with the reply: NO_ERROR says that the reply counts (RFC 9113 section 8.1).
    if (!this.isBodyComplete()) body.once('finish', () => body.close(constants.NGHTTP2_NO_ERROR));
    if (this.#hasReplyBody) body.end();
  }

  abort(): void {
    this.body.close(constants.NGHTTP2_INTERNAL_ERROR);
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
