import { buildObjectKey, compareResourceVersions, type KubeObject } from './kube-object.ts';

/** Objects under what a function says about them: `index.get('user')` are those that name the role `user`. */
export interface StoreIndex<T> {
  /** In no order. */
  get(value: string): Iterable<T>;
  /** How many. */
  count(value: string): number;
}

/** What a watch did to one object. */
export interface Change<T> {
  readonly type: 'added' | 'modified' | 'deleted';
  /** For `deleted` the last that was known of it. */
  readonly object: T;
  /** What was known before; absent for `added`. */
  readonly previous?: T;
}

/** The side of the store that readers have, and writers with the answer of their own write. */
export interface ObjectStore<T extends KubeObject> {
  readonly size: number;
  get(namespace: string | undefined, name: string): T | undefined;
  values(): IterableIterator<T>;
  /**
   * Keeps the objects under each value that `read` returns for them, those here already and those to come. `read` has to
   * be a pure function of the object.
   */
  addIndex(read: (object: T) => readonly string[]): StoreIndex<T>;
  /**
   * Puts in the answer of a conditional create or update, so that the writer does not see the past until the watch has
   * caught up. Taken only when it is newer than what is stored and than what the watch has told: an answer that comes
   * after the object's deletion does not bring it back. No change is reported for it, neither now nor when the watch
   * repeats it.
   */
  observe(object: T): void;
}

/** An `ObjectStore` that list-watches fill. Several can fill one, each its own namespace. */
export class WatchedStore<T extends KubeObject> implements ObjectStore<T> {
  readonly #objects = new Map<string, T>();
  readonly #indexes: Index<T>[] = [];
  /** Keys that `observe` put in and no watch has told of yet. */
  readonly #ahead = new Set<string>();
  /** How far each watch has come, by namespace; `''`: all of them. */
  readonly #positions = new Map<string, string>();

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(buildObjectKey(namespace, name));
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  addIndex(read: (object: T) => readonly string[]): StoreIndex<T> {
    const index = new Index(read);
    for (const object of this.#objects.values()) index.replace(undefined, object);
    this.#indexes.push(index);
    return index;
  }

  observe(object: T): void {
    const { namespace, name, resourceVersion } = object.metadata;
    const key = buildObjectKey(namespace, name);
    const position = this.#positions.get(namespace ?? '') ?? this.#positions.get('');
    if (position !== undefined && compareResourceVersions(resourceVersion, position) <= 0) return;
    const stored = this.#objects.get(key);
    if (stored !== undefined && compareResourceVersions(resourceVersion, stored.metadata.resourceVersion) <= 0) return;
    this.#put(key, stored, object);
    this.#ahead.add(key);
  }

  /** How far the watch of `namespace` (`undefined`: all) has come. */
  advance(namespace: string | undefined, resourceVersion: string): void {
    this.#positions.set(namespace ?? '', resourceVersion);
  }

  /** Takes what a list or an event shows; returns what changed by it, in order, nothing for what was known. */
  take(object: T): readonly Change<T>[] {
    const key = buildObjectKey(object.metadata.namespace, object.metadata.name);
    const stored = this.#objects.get(key);
    if (stored === undefined) {
      this.#put(key, undefined, object);
      return [{ type: 'added', object }];
    }
    const age = compareResourceVersions(object.metadata.resourceVersion, stored.metadata.resourceVersion);
    if (this.#ahead.has(key)) {
      // Somebody wrote between what was known and our own write: it is in what we have, but nobody was told.
      if (age < 0) return [{ type: 'modified', object: stored, previous: stored }];
      this.#ahead.delete(key);
    }
    if (age === 0) return [];
    this.#put(key, stored, object);
    if (stored.metadata.uid === object.metadata.uid) return [{ type: 'modified', object, previous: stored }];
    return [
      { type: 'deleted', object: stored, previous: stored },
      { type: 'added', object },
    ];
  }

  /** Takes a deletion as of `resourceVersion`; what was written after it stays. */
  drop(namespace: string | undefined, name: string, resourceVersion: string): readonly Change<T>[] {
    const key = buildObjectKey(namespace, name);
    const stored = this.#objects.get(key);
    if (stored === undefined) return [];
    if (this.#ahead.has(key) && compareResourceVersions(stored.metadata.resourceVersion, resourceVersion) > 0) {
      return [{ type: 'modified', object: stored, previous: stored }];
    }
    this.#ahead.delete(key);
    this.#objects.delete(key);
    for (const index of this.#indexes) index.replace(stored, undefined);
    return [{ type: 'deleted', object: stored, previous: stored }];
  }

  /** Drops what a complete list as of `resourceVersion` did not show. */
  keepOnly(listed: ReadonlySet<string>, namespace: string | undefined, resourceVersion: string): Change<T>[] {
    const changes: Change<T>[] = [];
    for (const [key, { metadata }] of this.#objects) {
      if (listed.has(key) || (namespace !== undefined && metadata.namespace !== namespace)) continue;
      for (const change of this.drop(metadata.namespace, metadata.name, resourceVersion)) {
        if (change.type === 'deleted') changes.push(change);
      }
    }
    return changes;
  }

  /** After the API server's history was turned back: what the next list shows counts, newer or not. */
  distrust(namespace: string | undefined): void {
    this.#ahead.clear();
    this.#positions.delete(namespace ?? '');
  }

  #put(key: string, stored: T | undefined, object: T): void {
    this.#objects.set(key, object);
    for (const index of this.#indexes) index.replace(stored, object);
  }
}

/** Most values have one object: a set is made for the second. */
class Index<T> implements StoreIndex<T> {
  readonly #read: (object: T) => readonly string[];
  readonly #entries = new Map<string, T | Set<T>>();

  constructor(read: (object: T) => readonly string[]) {
    this.#read = read;
  }

  get(value: string): Iterable<T> {
    const entry = this.#entries.get(value);
    if (entry === undefined) return [];
    return entry instanceof Set ? entry.values() : [entry];
  }

  count(value: string): number {
    const entry = this.#entries.get(value);
    if (entry === undefined) return 0;
    return entry instanceof Set ? entry.size : 1;
  }

  replace(before: T | undefined, after: T | undefined): void {
    if (before !== undefined) for (const value of new Set(this.#read(before))) this.#remove(value, before);
    if (after !== undefined) for (const value of new Set(this.#read(after))) this.#insert(value, after);
  }

  #insert(value: string, object: T): void {
    const entry = this.#entries.get(value);
    if (entry === undefined) this.#entries.set(value, object);
    else if (entry instanceof Set) entry.add(object);
    else this.#entries.set(value, new Set([entry, object]));
  }

  #remove(value: string, object: T): void {
    const entry = this.#entries.get(value);
    if (!(entry instanceof Set)) {
      this.#entries.delete(value);
      return;
    }
    entry.delete(object);
    const [only] = entry;
    if (entry.size === 1 && only !== undefined) this.#entries.set(value, only);
  }
}
