import { type Answer, refuse } from '../answer.ts';
import { isName } from './api-route.ts';

/** Namespaces in one question. */
export const maxNamespaces = 100;

/** The namespaces that a query names, each once; empty when it names none. `Answer`: why they cannot be read. */
export function readNamespaces(query: URLSearchParams): readonly string[] | Answer {
  const namespaces = [...new Set(query.getAll('namespace'))];
  const wrong = namespaces.find((name) => !isName(name));
  if (wrong !== undefined) return refuse(400, 'BadRequest', 'The parameter namespace is no name of a namespace.');
  if (namespaces.length <= maxNamespaces) return namespaces;
  return refuse(400, 'BadRequest', `At most ${maxNamespaces} namespaces can be asked for at once.`);
}

export function isRefusal(value: readonly string[] | Answer): value is Answer {
  return 'status' in value;
}
