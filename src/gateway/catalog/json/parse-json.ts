import { isUtf8 } from 'node:buffer';
import { escapedFlag, JsonDocument, tapeStep } from './json-document.ts';

/** Why a text is not taken for JSON. Two readers might disagree about a key that comes twice. */
export type JsonProblem = 'not JSON' | 'key twice';

/** Deeper texts are not taken for JSON. */
export const maxJsonDepth = 64;

class Fault extends Error {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    super(problem);
    this.problem = problem;
  }
}

const fail: () => never = () => {
  throw new Fault('not JSON');
};

/**
 * Reads one JSON text (RFC 8259), strictly: UTF-8 without a byte order mark, no half of a surrogate pair, no key twice
 * in one object. Nothing that a lenient reader would take passes.
 */
export function parseJson(bytes: Buffer): JsonDocument | JsonProblem {
  if (!isUtf8(bytes)) return 'not JSON';
  try {
    return new JsonDocument(bytes, new Reader(bytes).read());
  } catch (error) {
    if (error instanceof Fault) return error.problem;
    throw error;
  }
}

/** Whether a text was JSON. */
export function isDocument(parsed: JsonDocument | JsonProblem): parsed is JsonDocument {
  return parsed instanceof JsonDocument;
}

const quote = 0x22;
const backslash = 0x5c;
const simpleEscapes = new Set(Buffer.from('"\\/bfnrt'));
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const words = [
  { kind: 4, text: Buffer.from('true') },
  { kind: 5, text: Buffer.from('false') },
  { kind: 6, text: Buffer.from('null') },
];

class Reader {
  readonly #bytes: Buffer;
  #tape = new Int32Array(tapeStep * 256);
  #nodes = 0;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): Int32Array {
    this.#skipSpace();
    this.#readValue(0);
    this.#skipSpace();
    if (this.#at !== this.#bytes.length) fail();
    return this.#tape.subarray(0, this.#nodes * tapeStep);
  }

  #readValue(depth: number): void {
    switch (this.#bytes[this.#at]) {
      case 0x7b: // {
        this.#readObject(depth);
        break;
      case 0x5b: // [
        this.#readArray(depth);
        break;
      case quote:
        this.#readString();
        break;
      case 0x74: // t
      case 0x66: // f
      case 0x6e: // n
        this.#readWord();
        break;
      default:
        this.#readNumber();
        break;
    }
  }

  #readObject(depth: number): void {
    const node = this.#open(0, depth);
    const keys = new Set<string>();
    this.#skipSpace();
    if (!this.#take(0x7d)) {
      do {
        this.#skipSpace();
        this.#readKey(keys);
        this.#skipSpace();
        if (!this.#take(0x3a)) fail();
        this.#skipSpace();
        this.#readValue(depth + 1);
        this.#skipSpace();
      } while (this.#take(0x2c));
      if (!this.#take(0x7d)) fail();
    }
    this.#close(node);
  }

  #readArray(depth: number): void {
    const node = this.#open(1, depth);
    this.#skipSpace();
    if (!this.#take(0x5d)) {
      do {
        this.#skipSpace();
        this.#readValue(depth + 1);
        this.#skipSpace();
      } while (this.#take(0x2c));
      if (!this.#take(0x5d)) fail();
    }
    this.#close(node);
  }

  #readKey(keys: Set<string>): void {
    if (this.#bytes[this.#at] !== quote) fail();
    const start = this.#at;
    const node = this.#nodes;
    this.#readString();
    const text = this.#bytes.toString('utf8', start + 1, this.#at - 1);
    const isEscaped = ((this.#tape[node * tapeStep] ?? 0) & escapedFlag) !== 0;
    const known = keys.size;
    keys.add(isEscaped ? (JSON.parse(`"${text}"`) as string) : text);
    if (keys.size === known) throw new Fault('key twice');
  }

  #readString(): void {
    const bytes = this.#bytes;
    const start = this.#at++;
    let escaped = 0;
    for (;;) {
      const byte = bytes[this.#at];
      if (byte === undefined || byte < 0x20) fail();
      if (byte === quote) break;
      if (byte === backslash) {
        escaped = escapedFlag;
        this.#readEscape();
      } else this.#at++;
    }
    this.#at++;
    this.#add(2 | escaped, start, this.#at);
  }

  #readEscape(): void {
    const next = this.#bytes[this.#at + 1] ?? 0;
    if (simpleEscapes.has(next)) {
      this.#at += 2;
      return;
    }
    const unit = this.#readUnit();
    if (unit < 0xd800 || unit > 0xdfff) return;
    const low = unit < 0xdc00 ? this.#readUnit() : 0;
    if (low < 0xdc00 || low > 0xdfff) fail();
  }

  #readUnit(): number {
    const text = this.#bytes.toString('latin1', this.#at, this.#at + 6);
    if (!/^\\u[0-9A-Fa-f]{4}$/.test(text)) fail();
    this.#at += 6;
    return Number.parseInt(text.slice(2), 16);
  }

  #readNumber(): void {
    const start = this.#at;
    let end = start;
    // Characters that may stand in a number; the form decides afterwards.
    for (;;) {
      const byte = this.#bytes[end] ?? 0;
      const isPart = (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e;
      if (!isPart && byte !== 0x45 && byte !== 0x65) break;
      end++;
    }
    const text = this.#bytes.toString('latin1', start, end);
    numberForm.lastIndex = 0;
    if (numberForm.exec(text)?.[0].length !== text.length) fail();
    this.#at = end;
    this.#add(3, start, end);
  }

  #readWord(): void {
    const start = this.#at;
    const word = words.find(({ text }) => this.#bytes.subarray(start, start + text.length).equals(text)) ?? fail();
    this.#at += word.text.length;
    this.#add(word.kind, start, this.#at);
  }

  #open(kind: number, depth: number): number {
    if (depth >= maxJsonDepth) fail();
    const node = this.#nodes;
    this.#add(kind, this.#at, 0);
    this.#at++;
    return node;
  }

  #close(node: number): void {
    this.#tape[node * tapeStep + 2] = this.#at;
    this.#tape[node * tapeStep + 3] = this.#nodes;
  }

  #add(kind: number, start: number, end: number): void {
    const at = this.#nodes * tapeStep;
    if (at === this.#tape.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.#tape);
      this.#tape = larger;
    }
    this.#tape[at] = kind;
    this.#tape[at + 1] = start;
    this.#tape[at + 2] = end;
    this.#tape[at + 3] = ++this.#nodes;
  }

  #take(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }
}
