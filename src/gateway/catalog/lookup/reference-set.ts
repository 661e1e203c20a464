import type { ReferenceKind } from '../entity.ts';
import { readName } from './entity-state.ts';

/** Names of products and models, of every kind. */
export class ReferenceSet {
  readonly #names = new Map<ReferenceKind, Set<string>>();

  add(kind: ReferenceKind, name: string): void {
    const names = this.#names.get(kind);
    if (names === undefined) this.#names.set(kind, new Set([readName(kind, name)]));
    else names.add(readName(kind, name));
  }

  addAll(others: ReferenceSet): void {
    for (const [kind, names] of others) for (const name of names) this.add(kind, name);
  }

  has(kind: ReferenceKind, name: string): boolean {
    return this.#names.get(kind)?.has(readName(kind, name)) === true;
  }

  [Symbol.iterator](): IterableIterator<[ReferenceKind, ReadonlySet<string>]> {
    return this.#names[Symbol.iterator]();
  }
}
