import type { ConnectionRoleSpec } from '../api/generated/connection-role.ts';
import { buildRuleTree, type RuleNode } from './build-rule-tree.ts';

/** A role, ready for decisions. */
export interface RoleAccess {
  readonly overallAccess: boolean;
  readonly readOnly: boolean;
  readonly permissions: ReadonlySet<string>;
  readonly rules: RuleNode;
}

const known = new WeakMap<ConnectionRoleSpec, RoleAccess>();

/** Made at the first look at a role's spec, kept as long as that very object is; a changed role is another object. */
export function findRoleAccess(spec: ConnectionRoleSpec): RoleAccess {
  const found = known.get(spec);
  if (found !== undefined) return found;
  const access = buildRoleAccess(spec);
  known.set(spec, access);
  return access;
}

function buildRoleAccess(spec: ConnectionRoleSpec): RoleAccess {
  return {
    overallAccess: spec.overallAccess ?? true,
    readOnly: spec.readOnly ?? false,
    permissions: new Set(spec.permissions),
    rules: buildRuleTree(spec.rules ?? []),
  };
}
