import { checkShape } from '../../api/check-shape.ts';
import { decodeObject } from '../../kube/decode-object.ts';
import type { KubeObject } from '../../kube/kube-object.ts';

/**
 * `decodeObject` for what is watched. Throws for an object whose types are not those of its CRD: the watch leaves it out
 * and says so, which is better than a bug at the first look into it that keeps all others from being seen.
 */
export function decodeWatched<T extends KubeObject>(raw: unknown): T {
  const object = decodeObject<T>(raw);
  if (!checkShape(object)) throw new TypeError('the object is of another shape than its CRD says');
  return object;
}
