import { createHash } from 'node:crypto';
import { group } from '../api/names.ts';

/** The namespaces that an operator answers for; `undefined`: all. */
export type Scope = readonly string[] | undefined;

/** Label of every Lease of an operator, whatever its scope. */
export const leaseLabel: string = `${group}/operator-scope`;
/** Its annotation with the namespaces, sorted, with commas between; `*` for all. */
export const leaseNamespaces: string = `${group}/operator-namespaces`;

/** The name of the scope's Lease: `<prefix>-all`, or with a hash of the namespaces in place of `all`. */
export function buildLeaseName(prefix: string, scope: Scope): string {
  if (scope === undefined) return `${prefix}-all`;
  return `${prefix}-${createHash('sha256').update(writeScope(scope)).digest('hex').slice(0, 12)}`;
}

/** As it stands in the annotation. */
export function writeScope(scope: Scope): string {
  return scope === undefined ? '*' : [...new Set(scope)].sort().join(',');
}

/** Of an annotation; one that is not there could mean any namespace. */
export function parseScope(text: string | undefined): Scope {
  return text === undefined || text === '*' ? undefined : text.split(',').filter((name) => name !== '');
}

/** The namespaces that both answer for, `*` when that is all of them; empty: none. */
export function findOverlap(left: Scope, right: Scope): readonly string[] {
  if (left === undefined) return right ?? ['*'];
  if (right === undefined) return left;
  const known = new Set(right);
  return left.filter((name) => known.has(name));
}
