/** Who owns an object: it is deleted with its owner. Kubernetes `metav1.OwnerReference`. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Which field manager wrote which fields when. Kubernetes `metav1.ManagedFieldsEntry`. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  /** RFC 3339. */
  readonly time?: string;
  /** The fields as a tree of names with `f:` before each; of `metadata` alone those of two maps are read. */
  readonly fieldsV1?: {
    readonly 'f:metadata'?: {
      readonly 'f:labels'?: Readonly<Record<string, unknown>>;
      readonly 'f:annotations'?: Readonly<Record<string, unknown>>;
    };
  };
}

/** The part of Kubernetes `metav1.ObjectMeta` that is used here, as the API server returns it. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent on cluster-scoped objects. */
  readonly namespace?: string;
  readonly uid: string;
  /** Opaque; sent back with an update so that it is refused when the object changed meanwhile. */
  readonly resourceVersion: string;
  /** Counts changes of the spec. Absent on kinds that have none, such as Secrets. */
  readonly generation?: number;
  /** RFC 3339, whole seconds. */
  readonly creationTimestamp: string;
  /** Present from the moment of deletion while finalizers keep the object. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  /** Absent where decoding dropped it. */
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** `metadata` of a cluster-scoped custom resource. */
export interface ClusterResourceMeta extends ObjectMeta {
  readonly generation: number;
}

/** `metadata` of a namespaced custom resource. */
export interface NamespacedResourceMeta extends ClusterResourceMeta {
  readonly namespace: string;
}
