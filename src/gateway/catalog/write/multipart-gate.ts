import { type CatalogRefusal, refuse } from '../catalog-plan.ts';

/** A named part that comes before the file. */
export interface NamedPart {
  readonly name: string;
  readonly content: Buffer;
}

/** What is in front of the file may be so long, in bytes, its headers included. */
const maxPreface = 65_536;
const maxPartHeaders = 4_096;

const badBody = refuse(400, 'The multipart body is not well-formed.');
const tooLong = refuse(413, 'What stands before the file is too long.');
const lineEnd = Buffer.from('\r\n');
const blankLine = Buffer.from('\r\n\r\n');

/** Thrown into the body when something follows the file that nobody has judged. The upstream must not get its end. */
export class UnjudgedPart extends Error {
  readonly code = 'UNJUDGED_PART';
  readonly retry = false;
}

/** The parts before the file, and the whole body from its first byte on. */
export interface OpenedUpload {
  readonly parts: readonly NamedPart[];
  /** Every byte as it came. Throws `UnjudgedPart` instead of giving the end of a body with another part. */
  readonly body: AsyncIterable<Buffer>;
}

/**
 * The delimiter of a multipart body, from its Content-Type. Only the plain form is taken: programs disagree about
 * parameters beside the boundary, and about where it stands.
 */
export function readBoundary(contentType: string | undefined): string | CatalogRefusal {
  const form = /^multipart\/form-data; ?boundary=("?)([A-Za-z0-9'_+.-]{1,70})\1$/i.exec(contentType ?? '');
  return form?.[2] ?? refuse(400, 'The Content-Type is not plain "multipart/form-data; boundary=…".');
}

/**
 * Reads a multipart body (RFC 7578) up to the file, which must be the last part and be named `file`. Wherever the
 * delimiter occurs, also where a stricter reader would not see one, it must be well-formed.
 */
export async function openUpload(
  boundary: string,
  body: AsyncIterable<Uint8Array>,
): Promise<OpenedUpload | CatalogRefusal> {
  const source = body[Symbol.asyncIterator]();
  const delimiter = Buffer.from(`--${boundary}`);
  let held: Buffer = Buffer.alloc(0);
  for (;;) {
    const preface = readPreface(held, delimiter);
    if (preface !== 'more') {
      return 'kind' in preface
        ? preface
        : { parts: preface.parts, body: passOn(held, preface.fileAt, source, delimiter) };
    }
    if (held.length > maxPreface) return tooLong;
    const next = await source.next();
    if (next.done === true) return badBody;
    held = Buffer.concat([held, next.value]);
  }
}

interface Preface {
  readonly parts: readonly NamedPart[];
  /** Where the content of the file begins. */
  readonly fileAt: number;
}

/** The parts before the file; `more`: its beginning has not arrived. */
function readPreface(held: Buffer, delimiter: Buffer): Preface | CatalogRefusal | 'more' {
  const parts: NamedPart[] = [];
  let at = 0;
  for (;;) {
    const headersAt = at + delimiter.length + lineEnd.length;
    if (held.length < headersAt) return 'more';
    const isDelimiter = held.subarray(at, at + delimiter.length).equals(delimiter);
    if (!isDelimiter || !held.subarray(headersAt - lineEnd.length, headersAt).equals(lineEnd)) return badBody;
    const headersEnd = held.indexOf(blankLine, headersAt);
    if ((headersEnd < 0 ? held.length : headersEnd) - headersAt > maxPartHeaders) return badBody;
    if (headersEnd < 0) return 'more';
    const name = readPartName(held.toString('latin1', headersAt, headersEnd));
    const contentAt = headersEnd + blankLine.length;
    if (typeof name === 'object') return name;
    if (name === 'file') return contentAt > maxPreface ? tooLong : { parts, fileAt: contentAt };
    if (parts.some((part) => part.name === name)) return refuse(400, `The part "${name}" is given more than once.`);
    const next = held.indexOf(delimiter, contentAt);
    if (next < 0) return 'more';
    const contentEnd = next - lineEnd.length;
    if (contentEnd < contentAt || !held.subarray(contentEnd, next).equals(lineEnd)) return badBody;
    parts.push({ name, content: held.subarray(contentAt, contentEnd) });
    at = next;
  }
}

const partNames = new Set(['product', 'product_model', 'file']);
const partHeaders = new Set(['content-disposition', 'content-type', 'content-length', 'content-transfer-encoding']);

/** The name of a part, from headers that leave no doubt about it. */
function readPartName(headers: string): string | CatalogRefusal {
  const lines = headers.split('\r\n').map((line) => /^([A-Za-z-]+): ?([\x20-\x7e\x80-\xff]*)$/.exec(line));
  const names = lines.map((line) => line?.[1]?.toLowerCase() ?? '');
  if (names.some((name) => !partHeaders.has(name)) || new Set(names).size !== names.length) return badBody;
  const disposition = lines[names.indexOf('content-disposition')]?.[2] ?? '';
  const form = /^form-data; name="([a-z_]+)"((?:; filename\*?=(?:"[^"\\;]*"|[^"\\;\s]+))*)$/i.exec(disposition);
  const name = form?.[1] ?? '';
  if (form === null) return badBody;
  if (!partNames.has(name)) return refuse(403, `Access forbidden. A part "${name}" is not known.`);
  return name !== 'file' && form[2] !== '' ? badBody : name;
}

async function* passOn(
  held: Buffer,
  fileAt: number,
  source: AsyncIterator<Uint8Array>,
  delimiter: Buffer,
): AsyncGenerator<Buffer> {
  yield held.subarray(0, fileAt);
  let rest = held.subarray(fileAt);
  for (;;) {
    const end = rest.indexOf(delimiter);
    if (end >= 0) {
      yield rest.subarray(0, end);
      yield await readEnd(rest.subarray(end), source, delimiter);
      return;
    }
    // The delimiter may begin in what has arrived and go on in what has not.
    const sure = Math.max(0, rest.length - delimiter.length);
    if (sure > 0) yield rest.subarray(0, sure);
    const next = await source.next();
    if (next.done === true) throw new UnjudgedPart('The multipart body ends within the file.');
    rest = Buffer.concat([rest.subarray(sure), next.value]);
  }
}

/** The end of the body: `--`, perhaps a line end, and nothing else. */
async function readEnd(start: Buffer, source: AsyncIterator<Uint8Array>, delimiter: Buffer): Promise<Buffer> {
  let end = start;
  const longest = delimiter.length + 4;
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    end = Buffer.concat([end, next.value]);
    if (end.length > longest) break;
  }
  const tail = end.toString('latin1', delimiter.length);
  if (tail !== '--' && tail !== '--\r\n')
    throw new UnjudgedPart('The file is not the last part of the multipart body.');
  return end;
}
