import type { Readable } from 'node:stream';
import type { PeerConnection } from '../request/read-public-address.ts';
import type { RawRequest } from '../request/read-request.ts';

/** One request and the way back to the client, the same for HTTP/1.1 and HTTP/2. */
export interface Exchange {
  readonly raw: RawRequest;
  readonly connection: PeerConnection;
  /** A body follows, perhaps an empty one of unknown length. */
  readonly hasBody: boolean;
  /**
   * The body as it arrives. Nothing of it is read before somebody listens. Destroying it ends the connection. Its `end`
   * alone does not say that it is whole: ask `isCutShort`.
   */
  readonly body: Readable;
  /** All of the body has arrived, or there is none. */
  isBodyComplete(): boolean;
  /** Tells a client that waits for it (`Expect: 100-continue`) to send its body. Call it after the decision. */
  askForBody(): void;
  /** Status and headers (name, value, name, value …) have been handed over; they cannot be changed any more. */
  readonly isStarted: boolean;
  /** Once. A connection on which a body is still coming that nobody wants is closed after the reply. */
  start(status: number, headers: readonly string[]): void;
  /**
   * False: more should wait for `onDrain`. Chunks for a reply that has no body (HEAD, 204, 304) go nowhere.
   *
   * @param onSent the system has taken the bytes, and they may be overwritten. Perhaps never called.
   */
  write(chunk: Uint8Array, onSent?: () => void): boolean;
  /** Ends the reply. What is left of the request's body is thrown away, some of it, so that the reply can be read. */
  end(): void;
  /** Breaks the connection (HTTP/2: the stream), so that the client sees that the reply is not whole. */
  abort(): void;
  /** The client is gone, or the reply is through. */
  readonly isOver: boolean;
  onDrain(listener: () => void): void;
  /** Called once: the reply is through, or the client is gone before that (`whole` is false). Never once `isOver` is true. */
  onClose(listener: (whole: boolean) => void): void;
}

/** Takes an exchange and answers it, whatever happens. Never throws. */
export type ExchangeHandler = (exchange: Exchange) => void;

/** Whether a reply of this status to this method has a body (RFC 9110 section 6.4.1). */
export function hasReplyBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304 && status >= 200;
}
