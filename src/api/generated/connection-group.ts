// Made from crds/ by tools/generate-types.ts: do not edit.

import type { ClusterResourceMeta } from '../object-meta.ts';

/**
 * A ConnectionGroup says which part of the catalog its Connections see and edit. Platform teams own groups; the verb bind on a group allows to put it on a Connection.
 */
export interface ConnectionGroup {
  /**
   * Always connect.pim.dev/v1beta1.
   */
  readonly apiVersion: string;
  /**
   * Always ConnectionGroup.
   */
  readonly kind: 'ConnectionGroup';
  readonly metadata: ClusterResourceMeta;
  readonly spec: ConnectionGroupSpec;
}
/**
 * Which part of the catalog is open. Without catalog nothing is granted.
 */
export interface ConnectionGroupSpec {
  readonly catalog?: Catalog;
  /**
   * The only namespaces whose Connections may use this group, whoever applies them. Absent: all. An empty list: none.
   *
   * Items: Name of a namespace.
   */
  readonly namespaces?: readonly string[];
}
/**
 * Rights on three axes; a value is seen where all three allow it. A group with ["*"] everywhere is open and bodies pass untouched; any other is restricted to the routes that the gateway can judge.
 */
export interface Catalog {
  readonly categories?: CategoryRights;
  readonly attributeGroups?: AttributeGroupRights;
  readonly locales?: LocaleRights;
}
/**
 * Category trees by code: each stands for its subtree. The most generous of several categories wins; a product in no category belongs to everybody.
 */
export interface CategoryRights {
  /**
   * Codes that are seen; ["*"] for all.
   *
   * Items: Code of one category, or "*".
   */
  readonly view?: readonly string[];
  /**
   * Codes that are seen and edited; ["*"] for all.
   *
   * Items: Code of one category, or "*".
   */
  readonly edit?: readonly string[];
  /**
   * Codes that are seen, edited and owned: changes of their products count at once; ["*"] for all.
   *
   * Items: Code of one category, or "*".
   */
  readonly own?: readonly string[];
}
/**
 * Attribute groups by code.
 */
export interface AttributeGroupRights {
  /**
   * Codes that are seen; ["*"] for all.
   *
   * Items: Code of one attribute group, or "*".
   */
  readonly view?: readonly string[];
  /**
   * Codes that are seen and edited; ["*"] for all.
   *
   * Items: Code of one attribute group, or "*".
   */
  readonly edit?: readonly string[];
}
/**
 * Locales by code, such as en_US.
 */
export interface LocaleRights {
  /**
   * Codes that are seen; ["*"] for all.
   *
   * Items: Code of one locale, or "*".
   */
  readonly view?: readonly string[];
  /**
   * Codes that are seen and edited; ["*"] for all.
   *
   * Items: Code of one locale, or "*".
   */
  readonly edit?: readonly string[];
}
