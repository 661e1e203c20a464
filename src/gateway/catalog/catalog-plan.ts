import type { FoundRoutes } from '../../access/find-routes.ts';
import type { Method } from '../../access/read-method.ts';
import type { Target } from '../../access/read-target.ts';

/** A call of a connection whose role allows it and whose group is not open. */
export interface CatalogCall {
  readonly method: Method;
  readonly target: Target;
  /** From `findRoutes`, for this method and target. */
  readonly routes: FoundRoutes;
  /** uid of the Connection whose group is asked. Cursors that it gets are good for it alone. */
  readonly connection: string;
}

/** Status of an answer that the catalog makes itself. */
export type CatalogStatus = 400 | 403 | 404 | 413 | 422 | 502;

/** The call goes no further. `message` names what the client named, never what it may not see. */
export interface CatalogRefusal {
  readonly kind: 'refuse';
  readonly status: CatalogStatus;
  readonly message: string;
}

/** The call is answered without the upstream. */
export interface CatalogAnswer {
  readonly kind: 'answer';
  readonly status: 200;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A reply, whole. */
export interface CatalogReply {
  readonly status: number;
  readonly body: Buffer;
  /** Absent: the upstream's own stays. */
  readonly contentType?: string;
}

/**
 * What the upstream replied becomes what the client may see. A refusal is the gateway's own answer in its place: what was
 * asked for is hidden (404), or cannot be judged (502). Never rejects.
 */
export type ReplyFilter = (status: number, body: Buffer) => Promise<CatalogReply | CatalogRefusal>;

/** The call goes to the upstream like this and not otherwise. */
export interface CatalogForward {
  readonly kind: 'forward';
  /** GET for a HEAD that can only be judged by the body; the client gets no body then. */
  readonly method: Method;
  /** The path of the target, as it was sent. */
  readonly path: string;
  /** Empty or from the `?` on. */
  readonly query: string;
  /** What is sent. Absent: no body, whatever the client sent. */
  readonly body?: Buffer;
  /** Absent: the reply's body may stream through untouched. */
  readonly filter?: ReplyFilter;
}

/** What becomes of a call. */
export type CatalogPlan = CatalogRefusal | CatalogAnswer | CatalogForward;

/** Builds a refusal. */
export function refuse(status: CatalogStatus, message: string): CatalogRefusal {
  return { kind: 'refuse', status, message };
}

/** The body of an own answer of 400 and above. */
export function buildErrorBody(code: number, message: string): Buffer {
  return Buffer.from(JSON.stringify({ code, message }));
}
