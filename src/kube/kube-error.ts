import { buildSentence } from './build-sentence.ts';

/** What went wrong, in words of the API (`Status.reason`, folded to what callers tell apart). */
export type KubeErrorCode =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'TooManyRequests'
  | 'Unavailable'
  | 'Timeout'
  | 'Unknown';

/** What a `KubeError` is made of. */
export interface KubeErrorFields {
  readonly code: KubeErrorCode;
  readonly status: number;
  readonly sentence: string;
  readonly retryAfter?: number | undefined;
  readonly exceededQuota?: boolean;
  readonly missingRight?: boolean;
  readonly causes?: readonly FieldCause[];
}

/** What the API server says of one field of an object that it refused. */
export interface FieldCause {
  /** As in `spec.label`; a key that is a value of the Secret that was sent is hidden. */
  readonly field: string;
  /** Without the values it quoted. */
  readonly sentence: string;
}

/**
 * Every call to the API server that failed. Neither `message` nor any other property holds a request or response
 * body, a header, or a value that was sent.
 */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly code: KubeErrorCode;
  /** HTTP status; 0 when there was no answer (it may have been acted on nevertheless). */
  readonly status: number;
  /** What the API server said, without the values it quoted, at most 1 KiB. Fit for a condition or an event. */
  readonly sentence: string;
  /**
   * True when the same work may succeed later without anybody changing anything (after reading again, for `Conflict`
   * and `Gone`). False when something else has to change first.
   */
  readonly retry: boolean;
  /** Milliseconds that the API server asked to wait; absent when it did not. */
  readonly retryAfter: number | undefined;
  /** A create that a ResourceQuota refused (`Forbidden`). */
  readonly exceededQuota: boolean;
  /**
   * Nobody gave us the right to do this (`Forbidden`), or the API server has just started and has not read who may do
   * what. Says nothing about the object that was sent.
   */
  readonly missingRight: boolean;
  /** Field by field where the API server says so (`Invalid`); else empty. */
  readonly causes: readonly FieldCause[];

  constructor(fields: KubeErrorFields) {
    super(`${fields.code}: ${fields.sentence}`);
    this.code = fields.code;
    this.status = fields.status;
    this.sentence = fields.sentence;
    this.retry = retriedCodes.has(fields.code);
    this.retryAfter = fields.retryAfter;
    this.exceededQuota = fields.exceededQuota ?? false;
    this.missingRight = fields.missingRight ?? false;
    this.causes = fields.causes ?? [];
  }
}

const retriedCodes: ReadonlySet<KubeErrorCode> = new Set([
  'Unauthorized',
  'Conflict',
  'Gone',
  'TooManyRequests',
  'Unavailable',
  'Timeout',
]);

/** The part of an API server's `Status` (also the object of a watch event of type ERROR) that is read. */
export interface KubeStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly field?: string; readonly message?: string }[];
  };
}

/** What the failed call was, for the error made of its answer. */
export interface FailedCall {
  /** HTTP status; for an ERROR event of a watch its `Status.code`. */
  readonly status: number;
  /** The parsed answer, if it was a `Status`. */
  readonly answer?: unknown;
  /** The `Retry-After` header, if there was one. */
  readonly retryAfter?: string | undefined;
  /** What was sent: none of its secret values gets into the sentence. */
  readonly body?: object | undefined;
}

/** The error for an answer that is not a success. */
export function buildKubeError(call: FailedCall): KubeError {
  const answer: KubeStatus = isStatus(call.answer) ? call.answer : {};
  const status = call.status || answer.code || 0;
  const message = answer.message ?? `the API server answered with status ${status}`;
  return new KubeError({
    code: unready.test(message) ? 'Unavailable' : codeOf(answer.reason, status),
    status,
    sentence: buildSentence(message, call.body),
    causes: readCauses(answer, call.body),
    retryAfter: readRetryAfter(answer.details?.retryAfterSeconds, call.retryAfter),
    exceededQuota: status === 403 && message.includes('exceeded quota'),
    // The words of the API server's authorization; admission says "… is forbidden:" and goes on otherwise.
    missingRight: status === 403 && /\bUser "[^"]*" cannot [a-z]+ resource "/.test(message),
  });
}

function readCauses({ details }: KubeStatus, body: object | undefined): FieldCause[] {
  return (details?.causes ?? []).flatMap(({ field, message }) =>
    field === undefined || message === undefined
      ? []
      : [{ field: buildSentence(field, body), sentence: buildSentence(message, body) }],
  );
}

/**
 * Admission that has not begun: an API server that has just started has not read its caches, or does not know all kinds
 * that its policies name. It comes as 403 or 422, and says nothing about the object that was sent.
 */
const unready = /: not yet ready to handle request$|\bdenied request: failed to configure (policy|binding): /;

function codeOf(reason: string | undefined, status: number): KubeErrorCode {
  return codeByReason[reason ?? ''] ?? codeByStatus[status] ?? (status >= 500 ? 'Unavailable' : 'Unknown');
}

/** The error for a call that got no answer. `cause` is looked at for its `code` alone, its message is not kept. */
export function buildNetworkError(cause: unknown): KubeError {
  const code = readSystemCode(cause);
  const timeout = code.includes('TIMEOUT') || code === 'TimeoutError';
  const what = timeout ? 'no answer from the API server in time' : 'the API server cannot be reached';
  return new KubeError({
    code: timeout ? 'Timeout' : 'Unavailable',
    status: 0,
    sentence: code ? `${what} (${code})` : what,
  });
}

/** True when `error` is a `KubeError` with one of these codes. */
export function isKubeError(error: unknown, ...codes: readonly KubeErrorCode[]): error is KubeError {
  return error instanceof KubeError && (codes.length === 0 || codes.includes(error.code));
}

const codeByReason: Readonly<Record<string, KubeErrorCode>> = {
  BadRequest: 'BadRequest',
  Unauthorized: 'Unauthorized',
  Forbidden: 'Forbidden',
  NotFound: 'NotFound',
  AlreadyExists: 'AlreadyExists',
  Conflict: 'Conflict',
  Gone: 'Gone',
  Expired: 'Gone',
  Invalid: 'Invalid',
  TooManyRequests: 'TooManyRequests',
  Timeout: 'Timeout',
  ServerTimeout: 'Timeout',
  ServiceUnavailable: 'Unavailable',
  InternalError: 'Unavailable',
};

const codeByStatus: Readonly<Record<number, KubeErrorCode>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Gone',
  413: 'BadRequest',
  415: 'BadRequest',
  422: 'Invalid',
  429: 'TooManyRequests',
  504: 'Timeout',
};

function isStatus(answer: unknown): answer is KubeStatus {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'Status';
}

/** The header is whole seconds for the API server; a date (RFC 9110) is left alone. */
function readRetryAfter(seconds: number | undefined, header: string | undefined): number | undefined {
  const value = header === undefined ? seconds : Number(header);
  return value !== undefined && Number.isFinite(value) && value > 0 ? value * 1000 : undefined;
}

function readSystemCode(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  if (cause.cause !== undefined) return readSystemCode(cause.cause);
  return cause.name === 'TimeoutError' || cause.name === 'AbortError' ? cause.name : '';
}
