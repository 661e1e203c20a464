import type { LiveSource } from '../../../api/dashboard-api.ts';
import type { KubeClient } from '../../../kube/kube-client.ts';
import { isKubeError } from '../../../kube/kube-error.ts';
import { mayDo } from '../api/access-answers.ts';
import { listNamespaces } from '../api/namespaces.ts';
import { maxNamespaces } from '../api/read-parameters.ts';
import { runFew } from '../run-few.ts';

/** Namespaces of which the cluster is asked whether the viewer may list Connections there. */
const maxAsked = 500;

/**
 * What there is to follow. The Connections of the namespaces that were asked for; of all, where the viewer may list
 * them; else of each namespace that the viewer knows of and may list them in. Fails with a `KubeError`.
 */
export async function findSources(client: KubeClient, namespaces: readonly string[]): Promise<LiveSource[]> {
  const chosen = namespaces.length > 0 ? namespaces : await findNamespaces(client);
  const connections: LiveSource[] = chosen.map((namespace) => ({ kind: 'connections', namespace }));
  // With none to name, the API server says itself what is missing.
  if (connections.length === 0) connections.push({ kind: 'connections' });
  return [...connections, { kind: 'roles' }, { kind: 'groups' }];
}

/** Empty: all of them, or none that is known. */
async function findNamespaces(client: KubeClient): Promise<string[]> {
  if (await mayDo(client, { verb: 'list', resource: 'connections' })) return [];
  const known = (await listKnown(client)).slice(0, maxAsked);
  const allowed = await runFew(known, (namespace) =>
    mayDo(client, { verb: 'list', resource: 'connections', namespace }),
  );
  return known.filter((_, i) => allowed[i]).slice(0, maxNamespaces);
}

async function listKnown(client: KubeClient): Promise<string[]> {
  try {
    return await listNamespaces(client);
  } catch (error) {
    if (isKubeError(error, 'Forbidden')) return [];
    throw error;
  }
}
