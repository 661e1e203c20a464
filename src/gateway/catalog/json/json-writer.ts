import type { JsonDocument, JsonNode } from './json-document.ts';

/** What becomes of a member or item: passed on as it is, left out, or written anew. */
export type Part = 'keep' | 'drop' | (() => void);

/**
 * Writes a JSON text out of parts of others. What is kept is copied byte for byte; only the brackets and commas around
 * it are new.
 */
export class JsonWriter {
  readonly #parts: Uint8Array[] = [];

  /** Text that is JSON already. */
  raw(text: string): void {
    this.#parts.push(Buffer.from(text));
  }

  /** Any value that JSON has. */
  value(value: unknown): void {
    this.raw(JSON.stringify(value));
  }

  /** A value of another document as it is. */
  copy(doc: JsonDocument, node: JsonNode): void {
    this.#parts.push(doc.slice(node));
  }

  /** An object with the members of another one, each as `choose` says. */
  object(doc: JsonDocument, node: JsonNode, choose: (key: string, value: JsonNode) => Part): void {
    this.raw('{');
    let separator = '';
    for (const { key, keyNode, value } of doc.members(node)) {
      const part = choose(key, value);
      if (part === 'drop') continue;
      if (separator !== '') this.raw(separator);
      separator = ',';
      this.copy(doc, keyNode);
      this.raw(':');
      if (part === 'keep') this.copy(doc, value);
      else part();
    }
    this.raw('}');
  }

  /** An array with the items of another one, each as `choose` says. */
  array(doc: JsonDocument, node: JsonNode, choose: (item: JsonNode) => Part): void {
    this.raw('[');
    let separator = '';
    for (const item of doc.items(node)) {
      const part = choose(item);
      if (part === 'drop') continue;
      if (separator !== '') this.raw(separator);
      separator = ',';
      if (part === 'keep') this.copy(doc, item);
      else part();
    }
    this.raw(']');
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
