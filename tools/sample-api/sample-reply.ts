/** What the sample API answers. */
export interface SampleReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What it was asked. */
export interface SampleRequest {
  readonly method: string;
  /** Decoded segments of the path behind `/api/rest/v1`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
  /** Address of the sample API itself, for links. */
  readonly origin: string;
}

export function buildJson(status: number, body: unknown): SampleReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function buildFailure(status: number, message: string): SampleReply {
  return buildJson(status, { code: status, message });
}
