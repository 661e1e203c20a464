import { findLinkPlace, type LinkKey, type LinkPlace } from './find-link-place.ts';

/** Deeper containers are passed on unread. */
const maxDepth = 128;

/** The containers of a document that are open, and what was read in the innermost one. One entry for each of 128. */
export class LinkContainers {
  /** The key of what comes next in the innermost one. */
  key: LinkKey = 'other';
  /** Whether the next string there is a key. */
  expectsKey = false;
  /** Objects in the list `_embedded.items` so far. */
  itemCount = 0;
  #place: LinkPlace = 'outside';
  #isObject = false;
  /** The same of those around it, the innermost last. */
  readonly #around: LinkPlace[] = [];
  readonly #objectsAround: boolean[] = [];
  #ignoredDepth = 0;

  /** Where the innermost one stands. */
  get place(): LinkPlace {
    return this.#place;
  }

  /** Whether nothing in it matters, nor in what it contains. */
  get isIdle(): boolean {
    return this.#ignoredDepth > 0 || this.#place === 'data';
  }

  /** Whether containers in it are found by a key that matters. */
  get hasKeys(): boolean {
    return this.#isObject && !this.isIdle;
  }

  open(isObject: boolean): void {
    this.expectsKey = isObject;
    if (this.#around.length >= maxDepth) {
      this.#ignoredDepth++;
      return;
    }
    if (isObject && this.#place === 'items') this.itemCount++;
    this.#around.push(this.#place);
    this.#objectsAround.push(this.#isObject);
    this.#isObject = isObject;
    this.#place = findLinkPlace(this.#place, this.key, isObject);
    this.key = 'other';
  }

  close(): void {
    this.expectsKey = false;
    this.key = 'other';
    if (this.#ignoredDepth > 0) {
      this.#ignoredDepth--;
      return;
    }
    this.#place = this.#around.pop() ?? 'outside';
    this.#isObject = this.#objectsAround.pop() ?? false;
  }

  /** Behind a comma. */
  next(): void {
    this.expectsKey = this.#isObject;
    this.key = 'other';
  }

  /** Opens and closes one that contains none, unless it may be a link or an item. Returns whether it did. */
  passEmpty(): boolean {
    switch (this.#place) {
      case 'links':
      case 'linkList':
      case 'link':
      case 'items':
        return false;
      default:
        this.expectsKey = false;
        this.key = 'other';
        return true;
    }
  }
}
