import type { ConnectionGroupSpec } from './generated/connection-group.ts';
import type { ConnectionRoleSpec } from './generated/connection-role.ts';
import { permissions } from './permissions.ts';

/** `spec` of the shipped ConnectionRole `user`: may list everything, changes nothing. */
export const defaultRoleSpec: ConnectionRoleSpec = {
  overallAccess: true,
  readOnly: true,
  permissions: permissions.filter((permission) => permission.endsWith('_list')),
  introspect: false,
};

/** `spec` of the shipped ConnectionGroup `all`: an open group, sees and edits the whole catalog. */
export const defaultGroupSpec: ConnectionGroupSpec = {
  catalog: {
    categories: { view: ['*'], edit: ['*'], own: ['*'] },
    attributeGroups: { view: ['*'], edit: ['*'] },
    locales: { view: ['*'], edit: ['*'] },
  },
};
