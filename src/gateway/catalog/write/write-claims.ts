import type { ReferenceSet } from '../lookup/reference-set.ts';

/** One value that a write names. */
export interface ValueClaim {
  readonly attribute: string;
  /** Absent: the value has none. */
  readonly locale: string | undefined;
}

/** What a write names, as far as rights are concerned. What is absent stays as it is. */
export interface WriteClaims {
  readonly identifier: string | undefined;
  readonly uuid: string | undefined;
  readonly code: string | undefined;
  readonly categories: readonly string[] | undefined;
  readonly addedCategories: readonly string[];
  readonly removedCategories: readonly string[];
  /** `null`: shall have none. */
  readonly parent: string | null | undefined;
  readonly values: readonly ValueClaim[];
  /** Products and models in associations and values. The parent is not among them. */
  readonly references: ReferenceSet;
}
