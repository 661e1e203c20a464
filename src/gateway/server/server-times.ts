/** How long a client may take, in milliseconds. */
export interface ServerTimes {
  /** For the headers of a request, from its first byte, and from the connection to the first byte. */
  readonly headers: number;
  /** A connection between two requests. */
  readonly keepAlive: number;
  /** A connection on which nothing moves at all, whatever else should have ended it. */
  readonly silence: number;
}

export const serverTimes: ServerTimes = { headers: 10_000, keepAlive: 60_000, silence: 90_000 };
