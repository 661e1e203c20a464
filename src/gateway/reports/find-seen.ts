import type { Connection } from '../../api/generated/connection.ts';
import type { Directory } from '../directory/directory.ts';
import type { ReportScope } from './read-report-query.ts';
import type { ViewerRight, ViewerRights } from './viewer-rights.ts';

/** Connections that a viewer asked for and may see, or why there are none. */
export type Seen =
  | { readonly kind: 'seen'; readonly connections: readonly Connection[] }
  | { readonly kind: Exclude<ViewerRight, 'allowed'> };

/** Connections that are asked about one by one: as many as the operator lets a namespace have by default. */
const mostAsked = 50;

/**
 * The Connections of a scope, by namespace and name. Where the viewer may not get those of a whole namespace, each is
 * asked about by itself (a Role may name its resources), if they are not too many.
 */
export async function findSeen(
  directory: Pick<Directory, 'connections'>,
  rights: ViewerRights,
  token: string,
  scope: ReportScope,
): Promise<Seen> {
  const right = await rights.check(token, scope);
  const { namespace, name } = scope;
  if (right !== 'allowed' && (right !== 'denied' || namespace === undefined || name !== undefined)) {
    return { kind: right };
  }
  const asked = [...directory.connections()]
    .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
    .filter(({ metadata }) => name === undefined || metadata.name === name)
    .sort(compareNames);
  if (right === 'allowed') return { kind: 'seen', connections: asked };
  if (asked.length > mostAsked) return { kind: 'denied' };
  const seen: Connection[] = [];
  for (const connection of asked) {
    const single = await rights.check(token, { ...scope, name: connection.metadata.name });
    if (single === 'allowed') seen.push(connection);
    else if (single !== 'denied') return { kind: single };
  }
  return seen.length > 0 ? { kind: 'seen', connections: seen } : { kind: 'denied' };
}

function compareNames({ metadata: one }: Connection, { metadata: other }: Connection): number {
  const [left, right] = [`${one.namespace}/${one.name}`, `${other.namespace}/${other.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
