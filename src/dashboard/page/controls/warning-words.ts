import type { WarningKind } from '../../../insight/find-warnings.ts';

/** A warning in two words, where there is no room for its sentence. */
export const warningWords: Readonly<Record<WarningKind, string>> = {
  roleMissing: 'Role missing',
  groupMissing: 'Group missing',
  wrongPair: 'Wrong username',
  retiredValue: 'Retired value',
  adopted: 'Adopted values',
  unused: 'Unused',
  defaultRole: 'Default role',
  defaultGroup: 'Default group',
};

/** Default role and group are told, but are no reason to hurry: a new installation would be yellow all over. */
export function isHint(kind: WarningKind): boolean {
  return kind === 'defaultRole' || kind === 'defaultGroup';
}
