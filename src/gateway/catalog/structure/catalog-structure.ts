import type { CategoryTree } from './category-tree.ts';

/** What is needed of an attribute. */
export interface Attribute {
  readonly code: string;
  /** Code of its group; absent: the upstream names none, so no group sees it unless it sees all. */
  readonly group?: string;
  /** The PIM's type, such as `pim_catalog_text`. */
  readonly type: string;
  readonly localizable: boolean;
  /** Its values may name products or models: a link, or a table with a column of links. */
  readonly links: boolean;
}

/** Attributes by code, exactly as the upstream spells it. */
export type AttributeTable = ReadonlyMap<string, Attribute>;

/** The root of each channel's category tree, by the channel's code. */
export type ChannelTrees = ReadonlyMap<string, string>;

/**
 * What must be known about the upstream to judge products, never older than a minute. Each call rejects with a
 * `CatalogUnavailable` when it cannot be had.
 */
export interface CatalogStructure {
  categories(): Promise<CategoryTree>;
  attributes(): Promise<AttributeTable>;
  channels(): Promise<ChannelTrees>;
}
