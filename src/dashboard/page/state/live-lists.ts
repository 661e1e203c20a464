import type { LiveChange, LiveObjects, LivePage, LiveSource } from '../../../api/dashboard-api.ts';
import { keyOf, type LiveSnapshot } from './live-snapshot.ts';

type Kind = LiveSource['kind'];
type Item = LiveObjects[Kind];

function nameSource({ kind, namespace = '' }: LiveSource): string {
  return `${kind}/${namespace}`;
}

/**
 * The objects of every source as the stream tells them. A list that comes anew is held back until it is complete, so
 * that nothing flickers while it does; changes that come meanwhile count for both.
 */
export class LiveLists {
  readonly #shown = new Map<string, Map<string, Item>>();
  readonly #coming = new Map<string, Map<string, Item>>();
  readonly #changed = new Set<Kind>();

  addPage(page: LivePage): void {
    const name = nameSource(page);
    if (page.first) this.#coming.set(name, new Map());
    const coming = this.#coming.get(name) ?? new Map<string, Item>();
    this.#coming.set(name, coming);
    for (const item of page.items) coming.set(keyOf(item), item);
    // The very first list is shown while it comes: there is nothing else to show.
    if (!this.#shown.has(name)) this.#changed.add(page.kind);
  }

  finishList(source: LiveSource): void {
    const name = nameSource(source);
    const coming = this.#coming.get(name);
    if (coming === undefined) return;
    this.#coming.delete(name);
    this.#shown.set(name, coming);
    this.#changed.add(source.kind);
  }

  change(change: LiveChange): void {
    const name = nameSource(change);
    for (const list of [this.#shown.get(name), this.#coming.get(name)]) {
      if (change.type === 'removed') list?.delete(keyOf(change.object));
      else list?.set(keyOf(change.object), change.object);
    }
    this.#changed.add(change.kind);
  }

  /** The viewer may not list it: what was known of it goes. */
  drop(source: LiveSource): void {
    this.#shown.delete(nameSource(source));
    this.#coming.delete(nameSource(source));
    this.#changed.add(source.kind);
  }

  /** Lets go of sources that the stream has no more. */
  keepOnly(sources: readonly LiveSource[]): void {
    const kept = new Set(sources.map(nameSource));
    for (const name of [...this.#shown.keys(), ...this.#coming.keys()]) {
      if (kept.has(name)) continue;
      this.#shown.delete(name);
      this.#coming.delete(name);
      this.#changed.add(name.split('/')[0] as Kind);
    }
  }

  /** The maps that changed since the last call. */
  readChanges(): Partial<Pick<LiveSnapshot, Kind>> {
    const changes = Object.fromEntries([...this.#changed].map((kind) => [kind, this.#join(kind)]));
    this.#changed.clear();
    return changes;
  }

  #join(kind: Kind): ReadonlyMap<string, Item> {
    const names = new Set(
      [...this.#shown.keys(), ...this.#coming.keys()].filter((name) => name.startsWith(`${kind}/`)),
    );
    const lists = [...names].map((name) => this.#shown.get(name) ?? this.#coming.get(name) ?? new Map<string, Item>());
    const joined = new Map<string, Item>();
    for (const list of lists) for (const [key, item] of list) joined.set(key, item);
    return joined;
  }
}
