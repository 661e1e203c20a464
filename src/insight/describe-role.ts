import type { ConnectionRoleSpec } from '../api/generated/connection-role.ts';
import { permissions as known } from '../api/permissions.ts';
import { describeNamespaces } from './describe-namespaces.ts';
import { joinWords } from './join-words.ts';

/** The PIM's own words for what a permission allows, in the order in which they are told. */
const actions = [
  ['list', 'List'],
  ['edit', 'Create and update'],
  ['remove', 'Delete'],
] as const;

/** Plurals that are not the name and an `s`. */
const plurals: Readonly<Record<string, string>> = {
  category: 'categories',
  family: 'families',
  asset_family: 'asset families',
  currency: 'currencies',
  reference_entity: 'reference entities',
  catalog: 'app catalogs',
  product: 'products (and product models)',
};

/**
 * What a role allows, a sentence each, in the words of the PIM's own permission page: overall access, what it reads,
 * writes and deletes, its rules, tokens of others, and where it may be used. Never empty.
 */
export function describeRole(spec: ConnectionRoleSpec): readonly string[] {
  if (spec.overallAccess === false) {
    return ['No overall Web API access: every call is refused.', ...describeNamespaces(spec.namespaces)];
  }
  const isReadOnly = spec.readOnly === true;
  return [
    'Overall Web API access: whatever asks for no permission of its own may be read.',
    ...(isReadOnly ? ['Read only: GET, HEAD and searches pass, nothing else, whatever is allowed below.'] : []),
    ...describePermissions(spec.permissions ?? [], isReadOnly),
    ...(spec.rules ?? []).map(({ methods, paths }) => `Rule: ${joinWords(methods)} on ${joinWords(paths)}.`),
    ...(spec.introspect === true ? ['Looks at and revokes the tokens of all connections, not only its own.'] : []),
    ...describeNamespaces(spec.namespaces),
  ];
}

function describePermissions(permissions: readonly string[], isReadOnly: boolean): readonly string[] {
  const sentences = actions.flatMap(([suffix, words]) => {
    const subjects = [...new Set(permissions)].filter((name) => name.endsWith(`_${suffix}`)).sort();
    if (subjects.length === 0) return [];
    const without = isReadOnly && suffix !== 'list' ? ' Without effect: the role is read only.' : '';
    return [`${words} ${describeSubjects(subjects, suffix)}.${without}`];
  });
  return sentences.length > 0 ? sentences : ['No permissions: products, categories and the like stay closed.'];
}

function describeSubjects(subjects: readonly string[], suffix: string): string {
  const all = known.filter((name) => name.endsWith(`_${suffix}`));
  const names = joinWords(subjects.map(readSubject));
  return all.every((name) => subjects.includes(name)) ? `everything: ${names}` : names;
}

/** `pim_api_family_variant_list` is about family variants. */
function readSubject(permission: string): string {
  const subject = permission.replace(/^pim_api_/, '').replace(/_(?:list|edit|remove)$/, '');
  return plurals[subject] ?? `${subject.replaceAll('_', ' ')}s`;
}

/** What one permission allows, as a sentence: `Create and update products (and product models)`. */
export function describePermission(permission: string): string {
  const action = actions.find(([suffix]) => permission.endsWith(`_${suffix}`));
  return action === undefined ? permission : `${action[1]} ${readSubject(permission)}`;
}
