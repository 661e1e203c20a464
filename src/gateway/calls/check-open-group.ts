import type { ConnectionGroupSpec } from '../../api/generated/connection-group.ts';

/** Whether a group sees and edits everything, so that bodies pass untouched. Any other group is restricted. */
export function checkOpenGroup({ catalog }: ConnectionGroupSpec): boolean {
  const { categories, attributeGroups, locales } = catalog ?? {};
  return isAll(categories?.own) && isAll(attributeGroups?.edit) && isAll(locales?.edit);
}

/** `own` includes `edit` includes `view`. */
function isAll(codes: readonly string[] | undefined): boolean {
  return codes?.length === 1 && codes[0] === '*';
}
