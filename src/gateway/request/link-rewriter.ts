import { ByteOutput } from './byte-output.ts';
import { findLinkKey, linkKeyStarts, longestLinkKey, readLinkKey } from './find-link-key.ts';
import { findLinkPlace, type LinkKey, type LinkPlace } from './find-link-place.ts';
import { buildOriginSpellings, findPublicLink, type LinkAddresses } from './find-public-link.ts';
import { JsonStringStart } from './json-string-start.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const openBracket = 0x5b;
/** Bytes that mean something outside strings have a 1. */
const structural = new Uint8Array(256);
for (const byte of Buffer.from('"{}[],:')) structural[byte] = 1;
/** Bytes that mean something inside strings have a 1. */
const special = new Uint8Array(256);
special[quote] = special[backslash] = 1;
/** Deeper containers are passed on unread. */
const maxDepth = 128;
/** Room for what links grow by, beside the chunk that they are in. */
const spareBytes = 2_048;
/** `items` alone matters in one place only: there every key is read. */
const itemsPlace: LinkPlace = 'embedded';

/** What the next bytes belong to. */
type Reading = 'structure' | 'string' | 'key' | 'link';

/**
 * Makes the links of a JSON document, or of several in a row, lead to the gateway while it streams through: strings at
 * `_links.*.href` (and `_links.*[].href`) on the upstream's origin. Every other byte is passed on as it came: numbers
 * are not printed again, order, spaces and escapes stay, and nothing that a person entered into a product is looked at.
 *
 * Keeps at most the start of one string and one entry for each of 128 open containers, however long the document. Text
 * that is no JSON comes out with the same bytes, or with such strings replaced; it never fails.
 */
export class LinkRewriter {
  readonly #spellings: readonly string[];
  readonly #publicBase: string;
  /** `publicBase` as it stands in a JSON string. */
  readonly #inserted: Buffer;
  readonly #decidedAt: number;

  #reading: Reading = 'structure';
  #escaped = false;
  #start = new JsonStringStart();
  /** The container that is being read: where it stands, and whether it has keys. */
  #place: LinkPlace = 'outside';
  #isObject = false;
  /** The same of those around it, the innermost last. */
  readonly #around: LinkPlace[] = [];
  readonly #objectsAround: boolean[] = [];
  #ignoredDepth = 0;
  #expectsKey = false;
  #key: LinkKey = 'other';
  #itemCount = 0;
  /** What one `write` returns, up to where its chunk was copied; empty while nothing was changed. */
  readonly #output = new ByteOutput();
  #copiedTo = 0;

  constructor(addresses: LinkAddresses) {
    this.#spellings = buildOriginSpellings(addresses.upstreamOrigin);
    this.#publicBase = addresses.publicBase;
    this.#inserted = Buffer.from(JSON.stringify(addresses.publicBase).slice(1, -1), 'utf8');
    this.#decidedAt = Math.max(2, ...this.#spellings.map((spelling) => spelling.length + 1));
  }

  /** Objects in the list `_embedded.items` of the document, as far as it was read: what a page carries. */
  get itemCount(): number {
    return this.#itemCount;
  }

  /** The next bytes of the body. Returns what can be passed on now: the chunk itself when nothing in it changed. */
  write(chunk: Buffer): Buffer {
    this.#copiedTo = 0;
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
    if (this.#reading === 'link') return this.#output.take();
    if (this.#copiedTo === 0 && this.#output.length === 0) return chunk;
    this.#copy(chunk, chunk.length);
    return this.#output.take();
  }

  /** The end of the body. Returns what was held back, if the body was cut inside a link. */
  end(): Buffer {
    const held = this.#reading === 'link' ? Buffer.from(this.#start.raw) : Buffer.alloc(0);
    this.#reading = 'structure';
    return held;
  }

  /** Takes over what is before `to`; what is from there on is replaced or held back. */
  #copy(chunk: Buffer, to: number): void {
    if (this.#output.length === 0) this.#output.reserve(chunk.length + spareBytes);
    this.#output.add(chunk, this.#copiedTo, to);
    this.#copiedTo = to;
  }

  #add(bytes: Buffer): void {
    this.#output.add(bytes, 0, bytes.length);
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#reading) {
      case 'structure':
        return this.#readStructure(chunk, at);
      case 'string':
        return this.#skipString(chunk, at);
      case 'key':
        return this.#readKey(chunk, at);
      case 'link':
        return this.#readLink(chunk, at);
    }
  }

  /**
   * Everything outside strings, and strings whose text does not matter: nearly all of a document, so that this loop is
   * what rewriting costs. Numbers, words and spaces mean nothing here.
   */
  #readStructure(chunk: Buffer, from: number): number {
    const { length } = chunk;
    let at = from;
    while (at < length) {
      const byte = chunk[at++] ?? 0;
      if (structural[byte] === 0) continue;
      if (byte === quote) {
        at = this.#isIdle(chunk[at] ?? backslash) ? this.#skipString(chunk, at) : this.#beginString(chunk, at);
        if (this.#reading !== 'structure') return at;
      } else if (byte === comma) {
        this.#expectsKey = this.#isObject;
        this.#key = 'other';
      } else if (byte === colon) this.#expectsKey = false;
      else if (byte === openBrace || byte === openBracket) this.#open(byte === openBrace);
      else this.#close();
    }
    return length;
  }

  #open(isObject: boolean): void {
    this.#expectsKey = isObject;
    if (this.#around.length >= maxDepth) {
      this.#ignoredDepth++;
      return;
    }
    if (isObject && this.#place === 'items') this.#itemCount++;
    this.#around.push(this.#place);
    this.#objectsAround.push(this.#isObject);
    this.#isObject = isObject;
    this.#place = findLinkPlace(this.#place, this.#key, isObject);
    this.#key = 'other';
  }

  #close(): void {
    this.#expectsKey = false;
    this.#key = 'other';
    if (this.#ignoredDepth > 0) {
      this.#ignoredDepth--;
      return;
    }
    this.#place = this.#around.pop() ?? 'outside';
    this.#isObject = this.#objectsAround.pop() ?? false;
  }

  /** Whether a string with this first byte changes nothing: it is no key that matters, and no link. */
  #isIdle(first: number): boolean {
    if (this.#ignoredDepth > 0 || this.#place === 'data') return true;
    if (!this.#expectsKey) return this.#place !== 'link' || this.#key !== 'href';
    this.#key = 'other';
    return this.#place !== itemsPlace && linkKeyStarts[first] === 0;
  }

  /** A key that may matter, or a link. Returns where to read on. */
  #beginString(chunk: Buffer, from: number): number {
    if (this.#expectsKey) {
      const end = findPlainEnd(chunk, from, from + longestLinkKey);
      if (end !== undefined) return this.#takeKey(chunk, from, end);
      this.#reading = 'key';
    } else {
      const end = findPlainEnd(chunk, from, chunk.length);
      if (end !== undefined) return this.#takeLink(chunk, from, end);
      this.#reading = 'link';
      this.#copy(chunk, from);
    }
    this.#start = new JsonStringStart();
    return from;
  }

  /** A key that is there as a whole, without escapes: nearly all are. */
  #takeKey(chunk: Buffer, from: number, end: number): number {
    this.#key = findLinkKey(chunk, from, end);
    return this.#endString(end);
  }

  /** A link that is there as a whole, without escapes: nearly all are. */
  #takeLink(chunk: Buffer, from: number, end: number): number {
    const text = chunk.toString('latin1', from, Math.min(end, from + this.#decidedAt));
    const change = findPublicLink(text, this.#spellings, this.#publicBase);
    if (change !== undefined) {
      this.#copy(chunk, from);
      this.#add(this.#inserted);
      this.#copiedTo = from + change.cut;
    }
    return this.#endString(end);
  }

  /** Reads on to the end of a string whose text does not matter. */
  #skipString(chunk: Buffer, from: number): number {
    const end = findStringEnd(chunk, this.#escaped ? from + 1 : from);
    this.#escaped = end > chunk.length;
    if (end < chunk.length) return this.#endString(end);
    this.#reading = 'string';
    return chunk.length;
  }

  #endString(at: number): number {
    this.#reading = 'structure';
    return at + 1;
  }

  #readKey(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (this.#start.take(chunk[at] ?? 0)) {
        this.#key = readLinkKey(this.#start.text);
        return this.#endString(at);
      }
      if (this.#start.text.length > longestLinkKey) {
        this.#key = 'other';
        this.#reading = 'string';
        return at + 1;
      }
    }
    return chunk.length;
  }

  /** Holds the start of a link back until it is clear whether it changes. */
  #readLink(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const ended = this.#start.take(chunk[at] ?? 0);
      if (!ended && this.#start.text.length < this.#decidedAt && this.#mayChange()) continue;
      this.#release();
      this.#copiedTo = ended ? at : at + 1;
      this.#reading = ended ? 'structure' : 'string';
      this.#escaped = this.#start.inEscape;
      return at + 1;
    }
    return chunk.length;
  }

  /** Most links of other origins are let go at their first character that differs. */
  #mayChange(): boolean {
    const text = this.#start.text.toLowerCase();
    return (
      text === '' ||
      text === '/' ||
      this.#spellings.some((spelling) => spelling.startsWith(text.slice(0, spelling.length)))
    );
  }

  #release(): void {
    const { raw, text, ends } = this.#start;
    const change = findPublicLink(text, this.#spellings, this.#publicBase);
    if (change !== undefined) this.#add(this.#inserted);
    this.#add(Buffer.from(change === undefined || change.cut === 0 ? raw : raw.slice(ends[change.cut - 1])));
  }
}

/**
 * Where the string ends that goes on at `from`. The chunk's length: not in this chunk; one more than that: nor does the
 * escape with which the chunk ends.
 */
function findStringEnd(chunk: Buffer, from: number): number {
  const { length } = chunk;
  let at = from;
  while (at < length) {
    const byte = chunk[at] ?? 0;
    if (special[byte] === 0) at++;
    else if (byte === quote) return at;
    else at += 2;
  }
  return at;
}

/** Where a string ends that has neither an escape nor its quote behind `last`; `undefined` for any other. */
function findPlainEnd(chunk: Buffer, from: number, last: number): number | undefined {
  const stop = Math.min(chunk.length - 1, last);
  for (let at = from; at <= stop; at++) {
    const byte = chunk[at];
    if (byte === quote) return at;
    if (byte === backslash) return undefined;
  }
  return undefined;
}
