import { buildError, type OwnReply, type OwnRequest } from './own-request.ts';

/** The longest body of a token request, in bytes. */
export const longestBody = 8192;

/** The fields of a body that are text or whole numbers; others count as absent. */
export type Parameters = ReadonlyMap<string, string>;

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** Reads a JSON or form body, or says why not, as the PIM words it and in its order: length, then type, then form. */
export function readParameters({ header, body }: OwnRequest): Parameters | OwnReply {
  if (body.length > longestBody) {
    return buildError(413, `Request content exceeded the maximum allowed size of ${longestBody} bytes`);
  }
  const given = header('content-type')?.split(';', 1)[0]?.trim() ?? '';
  if (given === '') {
    return buildError(
      415,
      `The "Content-Type" header is missing. "${json}" or "${form}" has to be specified as value.`,
    );
  }
  switch (given.toLowerCase()) {
    case json:
      return readJson(body) ?? buildError(400, 'Invalid json message received');
    case form:
      // Of a field that stands twice the last one counts, as PHP reads it.
      return new Map(new URLSearchParams(body.toString('utf8')));
    default:
      return buildError(
        415,
        `"${printable(given)}" in "Content-Type" header is not valid. Only "${json}" or "${form}" are allowed.`,
      );
  }
}

/** `undefined` for what is no object or list in UTF-8 without a byte order mark. No body at all is an empty object. */
function readJson(body: Buffer): Parameters | undefined {
  if (body.length === 0) return new Map();
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    if (typeof value !== 'object' || value === null) return undefined;
    return new Map(Object.entries(value).flatMap(([key, item]) => (isText(item) ? [[key, String(item)]] : [])));
  } catch {
    return undefined;
  }
}

/** PHP takes a number for its digits. */
function isText(item: unknown): boolean {
  return typeof item === 'string' || Number.isSafeInteger(item);
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 256);
}
