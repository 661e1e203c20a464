import { Refusal } from '../../access/refusal.ts';
import { checkHost } from './check-host.ts';
import { type HeaderName, readHeaderName } from './read-header-name.ts';
import { readPlainName } from './read-plain-name.ts';

/** One header line. */
export interface HeaderLine extends Pick<HeaderName, 'name' | 'plain'> {
  /** As it was sent, one character a byte. */
  readonly value: string;
}

/** Headers of a request that leave no doubt about where it goes, whose it is, and where its body ends. */
export interface RequestHeaders {
  /** Every line in its order, pseudo headers of HTTP/2 left out. */
  readonly lines: readonly HeaderLine[];
  /** `name[:port]` or `[v6][:port]`, from Host or `:authority`. Never trusted for anything but links. */
  readonly host: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  /** Bytes. `undefined`: none was given. */
  readonly contentLength: number | undefined;
  /** `Transfer-Encoding: chunked`. Never together with a content length; never true in HTTP/2. */
  readonly chunked: boolean;
  /** Lower-case names that the Connection header lists: for this hop only. */
  readonly hopNames: ReadonlySet<string>;
}

/** As Node names it; `other`: what a request line of HTTP/1 says that is neither 1.0 nor 1.1. */
export type HttpVersion = '1.0' | '1.1' | '2.0' | 'other';

/** Most bytes of all header lines together, each with its colon, space and line end. */
export const maxHeaderBytes = 16384;

const neverForOneHop = /^(?:host|authorization|transfer-encoding|content-.*|x-connection-.*)$/;
/** RFC 9113 section 8.2.2: a request that has one of these is malformed. */
const notInHttp2 = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);
const lineBreak = /[\0\r\n]/;

const noNames: ReadonlySet<string> = new Set();

const refuse = (message: string): Refusal => new Refusal(400, message);

/**
 * Reads Node's `rawHeaders` (name, value, name, value …). A refusal is always 400. What it checks does not depend on
 * how strict the HTTP parser was.
 */
export function readHeaders(raw: readonly string[], version: HttpVersion): RequestHeaders | Refusal {
  const lines = readLines(raw, version);
  if (lines instanceof Refusal) return lines;
  const host = readHost(lines);
  if (host instanceof Refusal) return host;
  const body = readBodyLength(lines, version);
  if (body instanceof Refusal) return body;
  const hopNames = readHopNames(lines);
  if (hopNames instanceof Refusal) return hopNames;
  return {
    lines: lines.filter((line) => !line.name.startsWith(':')),
    host,
    authorization: findHeader(lines, 'authorization'),
    contentType: findHeader(lines, 'content-type'),
    ...body,
    hopNames,
  };
}

/** Value of the first line of that lower-case name. */
export function findHeader(lines: readonly HeaderLine[], name: string): string | undefined {
  for (const line of lines) if (line.name === name) return line.value;
  return undefined;
}

/** Values of all lines of that lower-case name, in order. */
export function findHeaders(lines: readonly HeaderLine[], name: string): readonly string[] {
  return lines.filter((line) => line.name === name).map((line) => line.value);
}

function readLines(raw: readonly string[], version: HttpVersion): readonly HeaderLine[] | Refusal {
  const lines: HeaderLine[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const read = readHeaderName(raw[at] ?? '');
    const value = raw[at + 1] ?? '';
    if (read === undefined || lineBreak.test(value)) return refuse('A header line is malformed.');
    const { name, plain } = read;
    bytes += name.length + value.length + 4;
    if (read.isSingle) {
      if (seen.has(name)) return refuse(`The request has more than one ${name} header.`);
      seen.add(name);
    }
    if (version === '2.0' && isRefusedInHttp2(name, value)) return refuse(`HTTP/2 has no ${name} header.`);
    lines.push({ name, plain, value });
  }
  return bytes > maxHeaderBytes ? refuse(`The headers are longer than ${maxHeaderBytes} bytes.`) : lines;
}

function isRefusedInHttp2(name: string, value: string): boolean {
  return notInHttp2.has(name) || (name === 'te' && value.trim().toLowerCase() !== 'trailers');
}

function readHost(lines: readonly HeaderLine[]): string | Refusal {
  const host = findHeader(lines, 'host');
  const authority = findHeader(lines, ':authority');
  const named = authority ?? host;
  if (named === undefined) return refuse('The request has no Host header.');
  if (!checkHost(named)) return refuse('The Host header is neither name[:port] nor [v6][:port].');
  if (host !== undefined && host.toLowerCase() !== named.toLowerCase()) return refuse('Host and :authority differ.');
  return named;
}

type BodyLength = Pick<RequestHeaders, 'contentLength' | 'chunked'>;

/** Where the body ends (RFC 9112 section 6.3), refusing all that two parsers might answer differently. */
function readBodyLength(lines: readonly HeaderLine[], version: HttpVersion): BodyLength | Refusal {
  const length = findHeader(lines, 'content-length');
  const encodings = findHeaders(lines, 'transfer-encoding');
  if (encodings.length > 0) {
    if (version === '1.0') return refuse('HTTP/1.0 has no Transfer-Encoding.');
    if (length !== undefined) return refuse('The request has both Content-Length and Transfer-Encoding.');
    if (encodings.join(',').toLowerCase() !== 'chunked') return refuse('Transfer-Encoding may only be "chunked".');
    return { contentLength: undefined, chunked: true };
  }
  if (length === undefined) return { contentLength: undefined, chunked: false };
  if (!/^[0-9]{1,15}$/.test(length)) return refuse('Content-Length is not a number of bytes.');
  return { contentLength: Number(length), chunked: false };
}

function readHopNames(lines: readonly HeaderLine[]): ReadonlySet<string> | Refusal {
  const values = findHeaders(lines, 'connection');
  if (values.length === 0) return noNames;
  const names = new Set(values.flatMap((value) => value.split(',')).map((listed) => listed.trim().toLowerCase()));
  for (const name of names) {
    if (neverForOneHop.test(readPlainName(name))) {
      return refuse('The Connection header names a header that is not for one hop alone.');
    }
  }
  return names;
}
