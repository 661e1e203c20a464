import { buildError, type OwnReply, type OwnRequest } from './own-request.ts';

/** The longest body of a token request, in bytes. */
export const longestBody = 8192;

/** The fields of a body that are text; others count as absent. */
export type Parameters = ReadonlyMap<string, string>;

/** Reads a JSON or form body, or says why not, as the PIM words it. */
export function readParameters({ header, body }: OwnRequest): Parameters | OwnReply {
  const given = header('content-type');
  const type = given?.split(';', 1)[0]?.trim().toLowerCase();
  if (given === undefined || type === '') {
    return buildError(
      415,
      'The "Content-Type" header is missing. "application/json" or "application/x-www-form-urlencoded" has to be specified as value.',
    );
  }
  if (type !== 'application/json' && type !== 'application/x-www-form-urlencoded') {
    return buildError(
      415,
      `"${printable(given)}" in "Content-Type" header is not valid. Only "application/json" or "application/x-www-form-urlencoded" are allowed.`,
    );
  }
  if (body.length > longestBody) {
    return buildError(413, `Request content exceeded the maximum allowed size of ${longestBody} bytes`);
  }
  const text = body.toString('utf8');
  // Of a field that stands twice the last one counts, as PHP reads it.
  if (type === 'application/x-www-form-urlencoded') return new Map(new URLSearchParams(text));
  return readJson(text) ?? buildError(400, 'Invalid json message received');
}

function readJson(text: string): Parameters | undefined {
  if (text.trim() === '') return new Map();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).flatMap(([key, item]) => (typeof item === 'string' ? [[key, item]] : [])));
  } catch {
    return undefined;
  }
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 256);
}
