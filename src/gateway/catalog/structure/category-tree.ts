import type { CodeSet } from '../../../access/group-rights.ts';

/** One category as the upstream lists it. */
export interface Category {
  readonly code: string;
  /** Absent: the root of a tree. */
  readonly parent?: string;
}

/** The category trees of the upstream at one moment. */
export class CategoryTree {
  readonly #children = new Map<string, string[]>();
  readonly #codes = new Set<string>();

  constructor(categories: readonly Category[]) {
    for (const { code, parent } of categories) {
      this.#codes.add(code);
      if (parent === undefined) continue;
      const siblings = this.#children.get(parent);
      if (siblings === undefined) this.#children.set(parent, [code]);
      else siblings.push(code);
    }
  }

  /** The categories that are named and everything beneath them. A code that the upstream does not have stands for none. */
  expand(named: CodeSet): CodeSet {
    if (named === 'all') return 'all';
    const found = new Set<string>();
    const open = [...named].filter((code) => this.#codes.has(code));
    for (let code = open.pop(); code !== undefined; code = open.pop()) {
      if (found.has(code)) continue;
      found.add(code);
      open.push(...(this.#children.get(code) ?? []));
    }
    return found;
  }
}
