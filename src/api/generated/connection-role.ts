// Made from crds/ by tools/generate-types.ts: do not edit.

import type { ClusterResourceMeta } from '../object-meta.ts';

/**
 * A ConnectionRole says which calls its Connections may make. What nothing allows is refused with 403. Platform teams own roles; the verb bind on a role allows to put it on a Connection.
 */
export interface ConnectionRole {
  /**
   * Always connect.pim.dev/v1beta1.
   */
  readonly apiVersion: string;
  /**
   * Always ConnectionRole.
   */
  readonly kind: 'ConnectionRole';
  readonly metadata: ClusterResourceMeta;
  readonly spec: ConnectionRoleSpec;
}
/**
 * What is allowed. An empty spec allows what asks for nothing but overall access.
 */
export interface ConnectionRoleSpec {
  /**
   * "Overall Web API access": false refuses every call. Reading that asks for no permission of its own is allowed by true alone.
   */
  readonly overallAccess?: boolean;
  /**
   * True lets only GET, HEAD and the search endpoints pass, whatever permissions and rules allow.
   */
  readonly readOnly?: boolean;
  /**
   * Web API permissions by name, such as pim_api_product_list. Each stands for itself: edit does not include list.
   *
   * Items: Name of a Web API permission.
   */
  readonly permissions?: readonly string[];
  /**
   * True lets its connections look at and revoke all tokens, not only those that were issued to them: for a resource server of your own.
   */
  readonly introspect?: boolean;
  /**
   * Calls that are allowed beside those of permissions: for any other API, and for routes that ask for a rule. A call passes when one rule names its method and its path.
   */
  readonly rules?: readonly PathRule[];
  /**
   * The only namespaces whose Connections may use this role, whoever applies them. Absent: all. An empty list: none.
   *
   * Items: Name of a namespace.
   */
  readonly namespaces?: readonly string[];
}
/**
 * Some methods on some paths.
 */
export interface PathRule {
  /**
   * HTTP methods. GET includes HEAD; OPTIONS passes only where it is named.
   *
   * Items: An HTTP method.
   */
  readonly methods: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS')[];
  /**
   * Paths from the first slash on, decoded, without a query: * is one segment, ** at the end any rest. Compared by case.
   *
   * Items: A path, such as /orders/* or /stock/**.
   */
  readonly paths: readonly string[];
}
