import { ByteOutput } from './byte-output.ts';
import { beginBrackets, bracketPlaces, findBrackets, pieceLength } from './find-brackets.ts';
import { findKeyBefore } from './find-key-before.ts';
import { findLinkKey, linkKeyStarts, longestLinkKey, readLinkKey } from './find-link-key.ts';
import type { LinkPlace } from './find-link-place.ts';
import type { LinkAddresses } from './find-public-link.ts';
import { findPlainEnd, findStringEnd } from './find-string-end.ts';
import { JsonStringStart } from './json-string-start.ts';
import { LinkContainers } from './link-containers.ts';
import { PublicLinks } from './public-links.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const openBracket = 0x5b;
/** Bytes that mean something outside strings have a 1. */
const structural = new Uint8Array(256);
for (const byte of Buffer.from('"{}[],:')) structural[byte] = 1;
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
  readonly #links: PublicLinks;
  readonly #containers = new LinkContainers();
  #reading: Reading = 'structure';
  #escaped = false;
  #start = new JsonStringStart();
  /** No backslash stood outside strings: where brackets are is the same for whoever looks. */
  #hasPlainStrings = true;
  /** What one `write` returns, up to where its chunk was copied; empty while nothing was changed. */
  readonly #output = new ByteOutput();
  #copiedTo = 0;

  constructor(addresses: LinkAddresses) {
    this.#links = new PublicLinks(addresses);
  }

  /** Objects in the list `_embedded.items` of the document, as far as it was read: what a page carries. */
  get itemCount(): number {
    return this.#containers.itemCount;
  }

  /** The next bytes of the body. Returns what can be passed on now: the chunk itself when nothing in it changed. */
  write(chunk: Buffer): Buffer {
    this.#copiedTo = 0;
    this.#readOn(chunk, this.#readBrackets(chunk), chunk.length);
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

  /** Reads up to behind the last bracket of the chunk, and returns where that is. */
  #readBrackets(chunk: Buffer): number {
    let at = 0;
    if (!this.#hasPlainStrings) return at;
    const inString = this.#reading !== 'structure';
    beginBrackets(inString, inString && (this.#reading === 'string' ? this.#escaped : this.#start.isEscaped));
    for (let from = 0; from < chunk.length; from += pieceLength) {
      const count = findBrackets(chunk, from);
      this.#hasPlainStrings = count !== undefined;
      if (count === undefined) break;
      at = this.#takeBrackets(chunk, from, count, at);
    }
    return at;
  }

  /** Takes those that were found in the piece that begins at `from`; `at` is behind the one before. Returns the new `at`. */
  #takeBrackets(chunk: Buffer, from: number, count: number, at: number): number {
    let behind = at;
    for (let index = 0; index < count; index++) {
      const bracket = from + (bracketPlaces[index] ?? 0);
      const next = index + 1 < count ? from + (bracketPlaces[index + 1] ?? 0) : bracket;
      // Half of all containers have none in them, and can be passed with both brackets at once.
      const isEmpty = isOpening(chunk[bracket] ?? 0) && !isOpening(chunk[next] ?? 0);
      if (isEmpty && behind > 0 && this.#containers.passEmpty()) {
        index++;
        behind = next + 1;
      } else {
        this.#readTo(chunk, behind, bracket);
        behind = bracket + 1;
      }
    }
    return behind;
  }

  /**
   * Takes the bracket at `to`, the next one behind `from`. What stands between them is read only where it matters: at
   * the start of a chunk, in a link, and before a container whose key is not plain to see.
   */
  #readTo(chunk: Buffer, from: number, to: number): void {
    const containers = this.#containers;
    const bracket = chunk[to] ?? 0;
    if (from === 0 || containers.place === 'link') this.#readOn(chunk, from, to);
    else if (containers.hasKeys && isOpening(bracket)) {
      const key = findKeyBefore(chunk, from, to);
      if (key === undefined) this.#readOn(chunk, from, to);
      else containers.key = key;
    }
    this.#takeBracket(bracket);
  }

  #takeBracket(bracket: number): void {
    if (isOpening(bracket)) this.#containers.open(bracket === openBrace);
    else this.#containers.close();
  }

  /** Reads byte by byte from `from` to before `to`. */
  #readOn(chunk: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to) at = this.#step(chunk, at, to);
  }

  #step(chunk: Buffer, at: number, to: number): number {
    switch (this.#reading) {
      case 'structure':
        return this.#readStructure(chunk, at, to);
      case 'string':
        return this.#skipString(chunk, at, to);
      case 'key':
        return this.#readKey(chunk, at, to);
      case 'link':
        return this.#readLink(chunk, at, to);
    }
  }

  /** Everything outside strings, and strings whose text does not matter. Numbers, words and spaces mean nothing here. */
  #readStructure(chunk: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to) {
      const byte = chunk[at++] ?? 0;
      if (structural[byte] === 0) continue;
      if (byte === quote) {
        const isIdle = this.#isIdle(at < to ? (chunk[at] ?? 0) : backslash);
        at = isIdle ? this.#skipString(chunk, at, to) : this.#beginString(chunk, at, to);
        if (this.#reading !== 'structure') return at;
      } else if (byte === comma) this.#containers.next();
      else if (byte === colon) this.#containers.expectsKey = false;
      else this.#takeBracket(byte);
    }
    return to;
  }

  /** Whether a string with this first byte changes nothing: it is no key that matters, and no link. */
  #isIdle(first: number): boolean {
    const containers = this.#containers;
    if (containers.isIdle) return true;
    if (!containers.expectsKey) return containers.place !== 'link' || containers.key !== 'href';
    containers.key = 'other';
    return containers.place !== itemsPlace && linkKeyStarts[first] === 0;
  }

  /** A key that may matter, or a link. Returns where to read on. */
  #beginString(chunk: Buffer, from: number, to: number): number {
    if (this.#containers.expectsKey) {
      const end = findPlainEnd(chunk, from, Math.min(to - 1, from + longestLinkKey));
      if (end !== undefined) return this.#takeKey(chunk, from, end);
      this.#reading = 'key';
    } else {
      const end = findPlainEnd(chunk, from, to - 1);
      if (end !== undefined) return this.#takeLink(chunk, from, end);
      this.#reading = 'link';
      this.#copy(chunk, from);
    }
    this.#start = new JsonStringStart();
    return from;
  }

  /** A key that is there as a whole, without escapes: nearly all are. */
  #takeKey(chunk: Buffer, from: number, end: number): number {
    this.#containers.key = findLinkKey(chunk, from, end);
    return this.#endString(end);
  }

  /** A link that is there as a whole, without escapes: nearly all are. */
  #takeLink(chunk: Buffer, from: number, end: number): number {
    const cut = this.#links.findCut(chunk, from, end);
    if (cut !== undefined) {
      this.#copy(chunk, from);
      this.#add(this.#links.inserted);
      this.#copiedTo = from + cut;
    }
    return this.#endString(end);
  }

  /** Reads on to the end of a string whose text does not matter. */
  #skipString(chunk: Buffer, from: number, to: number): number {
    const end = findStringEnd(chunk, this.#escaped ? from + 1 : from, to);
    this.#escaped = end > to;
    if (end < to) return this.#endString(end);
    this.#reading = 'string';
    return to;
  }

  #endString(at: number): number {
    this.#reading = 'structure';
    return at + 1;
  }

  #readKey(chunk: Buffer, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      if (this.#start.take(chunk[at] ?? 0)) {
        this.#containers.key = readLinkKey(this.#start.text);
        return this.#endString(at);
      }
      if (this.#start.text.length > longestLinkKey) {
        this.#containers.key = 'other';
        this.#reading = 'string';
        return at + 1;
      }
    }
    return to;
  }

  /** Holds the start of a link back until it is clear whether it changes. */
  #readLink(chunk: Buffer, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const ended = this.#start.take(chunk[at] ?? 0);
      const { text } = this.#start;
      if (!ended && text.length < this.#links.decidedAt && this.#links.mayChange(text)) continue;
      this.#release();
      this.#copiedTo = ended ? at : at + 1;
      this.#reading = ended ? 'structure' : 'string';
      return at + 1;
    }
    return to;
  }

  #release(): void {
    const { raw, text, ends } = this.#start;
    const cut = this.#links.findCutOf(text);
    if (cut !== undefined) this.#add(this.#links.inserted);
    this.#add(Buffer.from(cut === undefined || cut === 0 ? raw : raw.slice(ends[cut - 1])));
  }
}

function isOpening(bracket: number): boolean {
  return bracket === openBrace || bracket === openBracket;
}
