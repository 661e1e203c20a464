import { code } from './generated/find-brackets.ts';

/** What the types of Node leave out. */
declare const WebAssembly: {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly begin: (inString: number, escaped: number) => void;
  readonly find: (length: number) => number;
}

const { memory, begin, find } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(code, 'base64')))
  .exports as Exports;

/** Most bytes of a text that are looked at in one go. */
export const pieceLength = 16_384;
const block = 64;
const input = new Uint8Array(memory.buffer, 0, pieceLength);

/** Where the brackets are that `findBrackets` found, counted from the piece's start. Good until it is called again. */
export const bracketPlaces: Uint16Array = new Uint16Array(memory.buffer, pieceLength, pieceLength);

/** Before the first piece of a text, or of a part of it that begins inside a string, perhaps behind a backslash. */
export function beginBrackets(inString: boolean, escaped: boolean): void {
  begin(Number(inString), Number(escaped));
}

/**
 * Finds `{`, `}`, `[` and `]` outside the strings of the piece that begins at `from`, the one behind the piece before,
 * at some two gigabytes a second. Returns how many there are; `undefined` when a backslash stands outside strings: then
 * it is no JSON, and where strings are is anybody's guess.
 */
export function findBrackets(text: Uint8Array, from: number): number | undefined {
  const length = Math.min(pieceLength, text.length - from);
  input.set(text.subarray(from, from + length));
  input.fill(0, length, Math.ceil(length / block) * block);
  const count = find(length);
  return count < 0 ? undefined : count;
}
