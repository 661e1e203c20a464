/** `metadata.ownerReferences[]`. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** What the API server keeps about any object; the fields that somebody here reads. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent: cluster-scoped. */
  readonly namespace?: string;
  readonly uid: string;
  /** Opaque, but newer is greater within one resource (KEP-5504): see `compareResourceVersions`. */
  readonly resourceVersion: string;
  readonly generation?: number;
  /** RFC 3339, whole seconds, as the API server's clock had it. */
  readonly creationTimestamp?: string;
  /** Present: deletion was asked for; finalizers hold the object. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

/** Any object as a list or a watch delivers it. Items of a list of built-in resources carry no `apiVersion` and `kind`. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** The key of an object within one resource: `namespace/name`, or the name alone where there is no namespace. */
export function buildObjectKey(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/**
 * Negative when `left` is older, 0 when equal, positive when newer. Compares as whole numbers of any size, without
 * converting them; both have to be of one resource.
 */
export function compareResourceVersions(left: string, right: string): number {
  if (left === right) return 0;
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : 1;
}
