import type { Method } from '../../access/read-method.ts';
import type { Target } from '../../access/read-target.ts';
import { Refusal } from '../../access/refusal.ts';
import { findHeaders, type RequestHeaders } from './read-headers.ts';

const json = 'application/json';
const collection = 'application/vnd.akeneo.collection+json';
const multipart = 'multipart/form-data';

/** What the route says about bodies; `findRoutes` returns one. */
export interface MediaRoute {
  /** Whether the route is one of the PIM's endpoints. */
  readonly known: boolean;
  /** Whether it takes a file as multipart or answers with its bytes. */
  readonly files: boolean;
}

/**
 * The PIM's rules about Content-Type (415) and Accept (406), in its words. They hold under `/api/rest/` only.
 *
 * A form would let a framework take `_method` from the body, so only JSON, the collection type and, where files go,
 * multipart pass. A missing type passes as missing: real clients send PATCH without one.
 */
export function checkMediaTypes(
  method: Method,
  target: Target,
  headers: RequestHeaders,
  route: MediaRoute,
): Refusal | undefined {
  if (target.segments[0] !== 'api' || target.segments[1] !== 'rest') return undefined;
  if (method === 'POST' || method === 'PUT' || method === 'PATCH') return checkContentType(headers.contentType, route);
  if ((method === 'GET' || method === 'HEAD') && route.known && !route.files) return checkAccept(headers);
  return undefined;
}

function checkContentType(contentType: string | undefined, route: MediaRoute): Refusal | undefined {
  if (contentType === undefined) return undefined;
  const type = readMediaType(contentType);
  const accepted = type.toLowerCase();
  if (accepted === json || accepted === collection || (route.files && accepted === multipart)) return undefined;
  const only = route.files ? `"${json}" or "${multipart}" are` : `"${json}" is`;
  return new Refusal(415, `"${type}" in "Content-Type" header is not valid. Only ${only} allowed.`);
}

/** Passes like the PIM when there is none, when it is JSON, or when anything is accepted; also for a list with JSON. */
function checkAccept(headers: RequestHeaders): Refusal | undefined {
  const accept = findHeaders(headers.lines, 'accept').join(', ');
  if (accept === '' || accept.includes('*/*')) return undefined;
  const types = accept.split(',').map((range) => readMediaType(range).toLowerCase());
  if (types.includes(json) || types.includes('application/*')) return undefined;
  return new Refusal(406, `"${accept}" in "Accept" header is not valid. Only "${json}" is allowed.`);
}

/** The type without its parameters. */
function readMediaType(value: string): string {
  return (value.split(';', 1)[0] ?? '').trim();
}
