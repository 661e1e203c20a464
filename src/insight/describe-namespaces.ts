import { joinWords } from './join-words.ts';

/** Where a role or group may be used; nothing when everywhere. */
export function describeNamespaces(namespaces: readonly string[] | undefined): readonly string[] {
  if (namespaces === undefined) return [];
  if (namespaces.length === 0) return ['For Connections of no namespace: nobody may use it.'];
  const noun = namespaces.length === 1 ? 'namespace' : 'namespaces';
  return [`For Connections of the ${noun} ${joinWords(namespaces)} only.`];
}
