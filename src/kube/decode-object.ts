import type { KubeObject } from './kube-object.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Takes out what no program of ours reads and what makes objects large: `metadata.managedFields`, the annotation of
 * `kubectl apply`, and `spec.image` of a Connection (up to 16 KiB that only the dashboard shows). The object itself is
 * changed and returned. Throws for what is no object of the API.
 *
 * Whatever was decoded by this must not be written back as a whole with PUT: build the body from a live read.
 */
export function decodeObject<T extends KubeObject>(raw: unknown): T {
  const object = raw as Raw | null;
  if (typeof object?.metadata?.name !== 'string' || typeof object.metadata.resourceVersion !== 'string') {
    throw new TypeError('not an object of the Kubernetes API');
  }
  // Copies without a field instead of `delete`: after that V8 keeps an object as a hash table, a third larger in all.
  const { managedFields: _, ...metadata } = object.metadata;
  if (metadata.annotations?.[lastApplied] !== undefined) {
    const { [lastApplied]: _, ...annotations } = metadata.annotations;
    metadata.annotations = annotations;
  }
  object.metadata = metadata;
  if (object.kind === 'Connection' && object.spec?.image !== undefined) {
    const { image: _, ...spec } = object.spec;
    object.spec = spec;
  }
  return raw as T;
}

interface Raw {
  kind?: string;
  metadata?: {
    name?: unknown;
    resourceVersion?: unknown;
    managedFields?: unknown;
    annotations?: Record<string, string>;
  };
  spec?: { image?: unknown };
}
