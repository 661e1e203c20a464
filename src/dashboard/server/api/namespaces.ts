import type { NamespaceList } from '../../../api/dashboard-api.ts';
import type { KubeClient } from '../../../kube/kube-client.ts';
import { namespacesPath } from '../../../kube/resource-paths.ts';
import { type Answer, answerWith } from '../answer.ts';
import type { ApiCall } from './api-route.ts';

const pageSize = 500;

/** GET: those that the viewer may list. */
export async function readNamespaceList({ session }: ApiCall): Promise<Answer> {
  const list: NamespaceList = { namespaces: await listNamespaces(session.client) };
  return answerWith(list);
}

/** Names of all namespaces, in alphabetical order. Fails with a `KubeError`, `Forbidden` for most people. */
export async function listNamespaces(client: KubeClient): Promise<string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const query = { limit: pageSize, continue: next };
    const page = await client.list<{ metadata: { name: string } }>(namespacesPath(), query);
    names.push(...page.items.map(({ metadata }) => metadata.name));
    next = page.continue;
  } while (next !== undefined);
  return names.sort();
}
