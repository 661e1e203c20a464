import { findLinkPlace, type LinkKey, type LinkPlace } from './find-link-place.ts';
import { buildOriginSpellings, findPublicLink, type LinkAddresses } from './find-public-link.ts';
import { JsonStringStart } from './json-string-start.ts';

const quote = 0x22;
const backslash = 0x5c;
/** Deeper containers are passed on unread. */
const maxDepth = 128;
/** As many bytes of a string are looked at one by one before a search for its end pays. */
const shortString = 24;
const specialKeys: ReadonlyMap<string, LinkKey> = new Map([
  ['_links', '_links'],
  ['href', 'href'],
  ['values', 'values'],
  ['data', 'data'],
  ['_embedded', '_embedded'],
  ['items', 'items'],
]);
const longestKey = 9;
/** First bytes of those keys, plain or escaped. Most keys begin otherwise and need not be read. */
const keyStarts = new Set(Buffer.from('_hvd\\'));
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
  readonly #objects: boolean[] = [];
  readonly #places: LinkPlace[] = [];
  #ignoredDepth = 0;
  #expectsKey = false;
  #key: LinkKey = 'other';
  #itemCount = 0;
  /** Parts of the output of one `write`; empty while nothing was changed. */
  #parts: Uint8Array[] = [];
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
  write(chunk: Uint8Array): Uint8Array {
    this.#parts = [];
    this.#copiedTo = 0;
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
    if (this.#parts.length === 0 && this.#copiedTo === 0 && this.#reading !== 'link') return chunk;
    if (this.#reading !== 'link') this.#parts.push(chunk.subarray(this.#copiedTo));
    return this.#parts.length === 1 ? (this.#parts[0] ?? chunk) : Buffer.concat(this.#parts);
  }

  /** The end of the body. Returns what was held back, if the body was cut inside a link. */
  end(): Uint8Array {
    const held = this.#reading === 'link' ? Uint8Array.from(this.#start.raw) : new Uint8Array();
    this.#reading = 'structure';
    return held;
  }

  #step(chunk: Uint8Array, at: number): number {
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

  /** Everything outside strings. Numbers, words and spaces mean nothing here. */
  #readStructure(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      switch (chunk[at]) {
        case quote:
          return this.#beginString(chunk, at + 1);
        case 0x7b: // {
          this.#open(true);
          break;
        case 0x5b: // [
          this.#open(false);
          break;
        case 0x7d: // }
        case 0x5d: // ]
          this.#close();
          break;
        case 0x2c: // ,
          this.#expectsKey = this.#objects.at(-1) === true;
          this.#key = 'other';
          break;
        case 0x3a: // :
          this.#expectsKey = false;
          break;
      }
    }
    return chunk.length;
  }

  #open(isObject: boolean): void {
    this.#expectsKey = isObject;
    if (this.#places.length >= maxDepth) {
      this.#ignoredDepth++;
      return;
    }
    const around = this.#places.at(-1) ?? 'outside';
    if (isObject && around === 'items') this.#itemCount++;
    this.#places.push(findLinkPlace(around, this.#key, isObject));
    this.#objects.push(isObject);
    this.#key = 'other';
  }

  #close(): void {
    this.#expectsKey = false;
    this.#key = 'other';
    if (this.#ignoredDepth > 0) {
      this.#ignoredDepth--;
      return;
    }
    this.#places.pop();
    this.#objects.pop();
  }

  /** Returns where to read on. */
  #beginString(chunk: Uint8Array, from: number): number {
    const place = this.#places.at(-1) ?? 'plain';
    this.#escaped = false;
    this.#reading = 'string';
    if (this.#ignoredDepth > 0 || place === 'data') return from;
    if (this.#expectsKey) {
      this.#key = 'other';
      if (from < chunk.length && place !== itemsPlace && !keyStarts.has(chunk[from] ?? 0)) return from;
      const end = findPlainEnd(chunk, from, from + longestKey);
      if (end !== undefined) return this.#takeKey(chunk, from, end);
      this.#reading = 'key';
    } else if (place === 'link' && this.#key === 'href') {
      const end = findPlainEnd(chunk, from, chunk.length);
      if (end !== undefined) return this.#takeLink(chunk, from, end);
      this.#holdFrom(chunk, from);
    } else return from;
    this.#start = new JsonStringStart();
    return from;
  }

  /** A key that is there as a whole, without escapes: nearly all are. */
  #takeKey(chunk: Uint8Array, from: number, end: number): number {
    this.#key = specialKeys.get(readLatin1(chunk, from, end)) ?? 'other';
    return this.#endString(end);
  }

  /** A link that is there as a whole, without escapes: nearly all are. */
  #takeLink(chunk: Uint8Array, from: number, end: number): number {
    const text = readLatin1(chunk, from, Math.min(end, from + this.#decidedAt));
    const change = findPublicLink(text, this.#spellings, this.#publicBase);
    if (change !== undefined) {
      this.#parts.push(chunk.subarray(this.#copiedTo, from), this.#inserted);
      this.#copiedTo = from + change.cut;
    }
    return this.#endString(end);
  }

  /** Reads on to the end of a string whose text does not matter. */
  #skipString(chunk: Uint8Array, from: number): number {
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    const near = Math.min(chunk.length, at + shortString);
    for (; at < near; at++) {
      const byte = chunk[at];
      if (byte === quote) return this.#endString(at);
      if (byte === backslash) at++;
    }
    return at < chunk.length ? this.#skipLongString(chunk, at) : this.#runOut(chunk, at);
  }

  #skipLongString(chunk: Uint8Array, from: number): number {
    let clean = from;
    for (;;) {
      const end = chunk.indexOf(quote, clean);
      const stop = end < 0 ? chunk.length : end;
      let backslashes = 0;
      while (stop - backslashes > clean && chunk[stop - backslashes - 1] === backslash) backslashes++;
      const escaped = backslashes % 2 === 1;
      if (end < 0) return this.#runOut(chunk, escaped ? chunk.length + 1 : chunk.length);
      if (!escaped) return this.#endString(end);
      clean = end + 1;
    }
  }

  /** The chunk ends inside a string; one byte further when its last byte is a backslash that escapes the next. */
  #runOut(chunk: Uint8Array, at: number): number {
    this.#escaped = at > chunk.length;
    return chunk.length;
  }

  #endString(at: number): number {
    this.#reading = 'structure';
    return at + 1;
  }

  #readKey(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (this.#start.take(chunk[at] ?? 0)) {
        this.#key = specialKeys.get(this.#start.text) ?? 'other';
        return this.#endString(at);
      }
      if (this.#start.text.length > longestKey) {
        this.#key = 'other';
        this.#reading = 'string';
        return at + 1;
      }
    }
    return chunk.length;
  }

  /** Holds the start of a link back until it is clear whether it changes. */
  #readLink(chunk: Uint8Array, from: number): number {
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

  #holdFrom(chunk: Uint8Array, at: number): void {
    this.#reading = 'link';
    this.#parts.push(chunk.subarray(this.#copiedTo, at));
    this.#copiedTo = at;
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
    if (change !== undefined) this.#parts.push(this.#inserted);
    const kept = change === undefined || change.cut === 0 ? raw : raw.slice(ends[change.cut - 1]);
    this.#parts.push(Uint8Array.from(kept));
  }
}

/** Where a string ends that has neither an escape nor its quote behind `last`; `undefined` for any other. */
function findPlainEnd(chunk: Uint8Array, from: number, last: number): number | undefined {
  const stop = Math.min(chunk.length - 1, last);
  for (let at = from; at <= stop; at++) {
    const byte = chunk[at];
    if (byte === quote) return at;
    if (byte === backslash) return undefined;
  }
  return undefined;
}

/** A character for each byte. */
function readLatin1(chunk: Uint8Array, from: number, end: number): string {
  let text = '';
  for (let at = from; at < end; at++) text += String.fromCharCode(chunk[at] ?? 0);
  return text;
}
