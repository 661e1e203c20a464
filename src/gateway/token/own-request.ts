/** A request to one of the gateway's own endpoints, read and bounded; no HTTP types. */
export interface OwnRequest {
  readonly method: string;
  /** Decoded; one of the gateway's own, so that an answer may name it. */
  readonly path: string;
  /** The one value of a header, by its name in lower case; `undefined` when absent. */
  readonly header: (name: string) => string | undefined;
  /** Of one that is longer than `longestBody` (`read-parameters.ts`) the first byte beyond that is enough. */
  readonly body: Buffer;
  /** The client's network: IPv4 address or IPv6 /64. */
  readonly network: string;
  /** Address that clients use, without a path: `https://api.example.com`. */
  readonly publicOrigin: string;
}

/** The answer to it. */
export interface OwnReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** A reply in JSON. The content type has no charset: some clients compare it as a whole. */
export function buildReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): OwnReply {
  const type = { 'content-type': 'application/json' };
  return { status, headers: { ...type, ...always, ...headers }, body: JSON.stringify(body) };
}

/** An error as the PIM words it: `{"code": status, "message": …}`. */
export function buildError(status: number, message: string, headers: Readonly<Record<string, string>> = {}): OwnReply {
  return buildReply(status, { code: status, message }, headers);
}

/** 405 with the methods that there are, as the PIM words it. */
export function buildWrongMethod({ method, path }: OwnRequest, allowed: string): OwnReply {
  const message = `No route found for '${method} ${path}': Method Not Allowed (Allow: ${allowed})`;
  return buildError(405, message, { allow: allowed });
}
