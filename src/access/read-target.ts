import { Refusal } from './refusal.ts';

/** A request target that has one reading only, whoever decodes it once or twice. */
export interface Target {
  /**
   * The path as it was sent, except that a run of slashes at its start is one. This very string is judged and forwarded;
   * nothing parses it again.
   */
  readonly path: string;
  /** From the first `?` on, byte for byte; empty when there is none. */
  readonly query: string;
  /** The path split at its slashes, each decoded once. `/` has one empty segment. */
  readonly segments: readonly string[];
  /** The path ends in a slash and is not `/`: the last segment is empty. */
  readonly trailing: boolean;
}

/** Longest path, in bytes, after slashes at its start became one. */
export const maxPathBytes = 4096;
/** Longest query, in bytes, without its `?`. */
export const maxQueryBytes = 16384;

/** RFC 3986 `pchar` without `;`, the slash, and whole escapes. */
const pathForm = /^(?:[A-Za-z0-9\-._~!$&'()*+,=:@/]|%[0-9A-Fa-f]{2})*$/;
const queryForm = /^[\x21\x22\x24-\x7e]*$/;
/** What a decoded path may not hold: another escape, and what some servers take for a slash or the end of a segment. */
const secondReading = /%[0-9A-Fa-f]{2}|[\\;]|\p{Cc}/u;
const dotSegment = /\/\.{1,2}(?:\/|$)/;

const refuse = (message: string): Refusal => new Refusal(400, message);

/**
 * Reads the target of a request line (RFC 9112 section 3.2) or of HTTP/2's `:path`. A refusal is always 400.
 *
 * Refused is whatever two programs might read differently: dot segments and slashes in any encoding, empty segments,
 * text that changes when it is decoded twice, absolute form.
 */
export function readTarget(raw: string): Target | Refusal {
  if (!raw.startsWith('/')) return refuse('The request target must begin with a slash; no absolute form, no "*".');
  const mark = raw.indexOf('?');
  const sent = mark < 0 ? raw : raw.slice(0, mark);
  const path = sent.startsWith('//') ? sent.replace(/^\/+/, '/') : sent;
  const query = mark < 0 ? '' : raw.slice(mark);
  if (path.length > maxPathBytes) return refuse(`The path is longer than ${maxPathBytes} bytes.`);
  if (query.length > maxQueryBytes + 1) return refuse(`The query is longer than ${maxQueryBytes} bytes.`);
  if (!queryForm.test(query)) return refuse('The query holds something else than visible ASCII, or a "#".');
  if (!pathForm.test(path))
    return refuse('The path holds a character that must be percent-encoded, or a broken escape.');
  return readSegments(path, query);
}

function readSegments(path: string, query: string): Target | Refusal {
  // What stands for itself has no second reading.
  const decoded = path.includes('%') ? readEscapes(path) : path;
  if (decoded instanceof Refusal) return decoded;
  if (dotSegment.test(decoded)) return refuse('The path holds a segment "." or "..".');
  if (decoded.includes('//')) return refuse('The path holds an empty segment.');
  return { path, query, segments: decoded.slice(1).split('/'), trailing: decoded.length > 1 && decoded.endsWith('/') };
}

/** The path with each escape read once. */
function readEscapes(path: string): string | Refusal {
  const decoded = decodeOnce(path);
  if (decoded === undefined) return refuse('The path is not UTF-8.');
  if (secondReading.test(decoded)) {
    return refuse(
      'The path holds a control character, a backslash, a semicolon, or text that is percent-encoded twice.',
    );
  }
  return /%2f/i.test(path) ? refuse('The path holds an encoded slash.') : decoded;
}

/** `undefined` when the escapes are not well-formed UTF-8: overlong, cut, or surrogates. */
function decodeOnce(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
