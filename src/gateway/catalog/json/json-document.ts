/** What a value is. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null';

/** A value of a document, by its place on the tape. The root is 0. */
export type JsonNode = number;

/** One member of an object. */
export interface JsonMember {
  /** Decoded. */
  readonly key: string;
  readonly keyNode: JsonNode;
  readonly value: JsonNode;
}

/** Kinds by their number on the tape. */
const kinds: readonly JsonKind[] = ['object', 'array', 'string', 'number', 'true', 'false', 'null'];
/** Numbers per value on the tape: kind, start, end, place of what follows. */
export const tapeStep = 4;
/** Added to the kind of a string that holds an escape. */
export const escapedFlag = 16;

/**
 * A JSON text that was read once: where each value begins and ends in its bytes. Nothing is converted, so that numbers,
 * spellings and spaces of what is passed on stay as they came; 16 bytes are kept for each value.
 */
export class JsonDocument {
  readonly bytes: Buffer;
  readonly #tape: Int32Array;

  /** Made by `parseJson` alone. */
  constructor(bytes: Buffer, tape: Int32Array) {
    this.bytes = bytes;
    this.#tape = tape;
  }

  readonly root: JsonNode = 0;

  kind(node: JsonNode): JsonKind {
    return kinds[this.#at(node, 0) & 15] ?? 'null';
  }

  /** First byte of the value. */
  start(node: JsonNode): number {
    return this.#at(node, 1);
  }

  /** Byte behind the value. */
  end(node: JsonNode): number {
    return this.#at(node, 2);
  }

  /** The value's own bytes. */
  slice(node: JsonNode): Buffer {
    return this.bytes.subarray(this.start(node), this.end(node));
  }

  /** The decoded text of a string; `undefined` for everything else. */
  string(node: JsonNode | undefined): string | undefined {
    if (node === undefined || this.kind(node) !== 'string') return undefined;
    const text = this.bytes.toString('utf8', this.start(node) + 1, this.end(node) - 1);
    return (this.#at(node, 0) & escapedFlag) === 0 ? text : (JSON.parse(`"${text}"`) as string);
  }

  /** Members of an object in their order; of anything else none. */
  members(node: JsonNode): readonly JsonMember[] {
    if (this.kind(node) !== 'object') return [];
    const members: JsonMember[] = [];
    const end = this.#at(node, 3);
    for (let at = node + 1; at < end; ) {
      const value = at + 1;
      members.push({ key: this.string(at) ?? '', keyNode: at, value });
      at = this.#at(value, 3);
    }
    return members;
  }

  /** Items of an array in their order; of anything else none. */
  items(node: JsonNode): readonly JsonNode[] {
    if (this.kind(node) !== 'array') return [];
    const items: JsonNode[] = [];
    const end = this.#at(node, 3);
    for (let at = node + 1; at < end; at = this.#at(at, 3)) items.push(at);
    return items;
  }

  /** The value of a member; `undefined` when there is none or the node is no object. */
  find(node: JsonNode | undefined, key: string): JsonNode | undefined {
    if (node === undefined) return undefined;
    return this.members(node).find((member) => member.key === key)?.value;
  }

  /** The strings of an array; `undefined` for anything else, also for an array that holds anything else. */
  strings(node: JsonNode | undefined): readonly string[] | undefined {
    if (node === undefined || this.kind(node) !== 'array') return undefined;
    const texts: string[] = [];
    for (const item of this.items(node)) {
      const text = this.string(item);
      if (text === undefined) return undefined;
      texts.push(text);
    }
    return texts;
  }

  #at(node: JsonNode, column: number): number {
    return this.#tape[node * tapeStep + column] ?? 0;
  }
}
