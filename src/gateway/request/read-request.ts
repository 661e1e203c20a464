import { type Method, readMethod } from '../../access/read-method.ts';
import { readTarget, type Target } from '../../access/read-target.ts';
import { Refusal } from '../../access/refusal.ts';
import { checkQueryOverride } from './check-method-override.ts';
import { type HttpVersion, type RequestHeaders, readHeaders } from './read-headers.ts';

/** What the HTTP parser knows of a request, untouched. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly version: HttpVersion;
}

/** A request whose line and headers leave no doubt. Nothing is known yet about who sent it. */
export interface ReadRequest {
  readonly method: Method;
  readonly target: Target;
  readonly headers: RequestHeaders;
}

/**
 * The one way in: whatever the gateway serves, proxies or judges was read here, before its body. Refusals are 400, or
 * 405 for a method that is not served.
 */
export function readRequest(raw: RawRequest): ReadRequest | Refusal {
  if (raw.version === 'other') return new Refusal(400, 'The request line names another version than HTTP/1.0 or 1.1.');
  const target = readTarget(raw.target);
  if (target instanceof Refusal) return target;
  const headers = readHeaders(raw.rawHeaders, raw.version);
  if (headers instanceof Refusal) return headers;
  const method = readMethod(raw.method);
  if (method instanceof Refusal) return method;
  return checkQueryOverride(method, target.query) ?? { method, target, headers };
}
