import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHost } from './request/check-host.ts';
import type { RequestPath } from './request/read-path.ts';

/** One request, whose host and path were checked. */
export interface Visit extends RequestPath {
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
  readonly host: RequestHost;
}
