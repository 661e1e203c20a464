import type { Connection } from '../../api/generated/connection.ts';
import { labels } from '../../api/names.ts';
import type { Secret } from '../../api/secret.ts';
import { isIssued } from '../../credentials/accepted-verifiers.ts';
import { codeOf } from '../../credentials/code.ts';
import type { Change } from '../../kube/list-watch.ts';
import { type ClusterCache, identityOf } from '../observe/cluster-cache.ts';

/** The key of a Connection in the work queue. */
export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** The Connections that a change of one of them concerns: itself, and who waits for its code, its names or its place. */
export function affectedByConnection(cache: ClusterCache, change: Change<Connection>): readonly string[] {
  const { object, previous } = change;
  const versions = previous && previous !== object ? [previous, object] : [object];
  const isIdentityMoved =
    change.type !== 'modified' || new Set(versions.map((version) => claimsOf(version).join())).size > 1;
  const rivals = isIdentityMoved ? versions.flatMap((version) => rivalsOf(cache, version)) : [];
  const isPlaceFree = change.type === 'deleted' || object.metadata.deletionTimestamp !== undefined;
  const waiting = isPlaceFree ? waitingIn(cache, object.metadata.namespace) : [];
  return [...new Set([object, ...rivals, ...waiting].map(({ metadata }) => keyOf(metadata)))];
}

/** The Connections that a Secret with our label belongs or belonged to. */
export function affectedBySecret({ object, previous }: Change<Secret>): readonly string[] {
  const names = [object, previous].flatMap((secret) => {
    const name = secret?.metadata.labels?.[labels.connection];
    const owner = secret?.metadata.ownerReferences?.find(({ kind }) => kind === 'Connection')?.name;
    return [name, owner].filter((text) => text !== undefined);
  });
  return [...new Set(names)].map((name) => keyOf({ namespace: object.metadata.namespace, name }));
}

/** The Connections that name a role or group which came, went, or may be used elsewhere now. */
export function affectedByReference(
  index: ClusterCache['byRole'],
  change: Change<{
    metadata: { name: string; uid: string; resourceVersion: string };
    spec: { namespaces?: readonly string[] };
  }>,
): readonly string[] {
  const { type, object, previous } = change;
  if (type === 'modified' && object.spec.namespaces?.join() === previous?.spec.namespaces?.join()) return [];
  return [...index.get(object.metadata.name)].map(({ metadata }) => keyOf(metadata));
}

function claimsOf(connection: Connection): readonly string[] {
  return [codeOf(connection).toLowerCase(), String(isIssued(connection)), ...identityOf(connection)];
}

function rivalsOf(cache: ClusterCache, connection: Connection): readonly Connection[] {
  const identities = identityOf(connection).flatMap((name) => [...cache.byIdentity.get(name)]);
  return [...cache.byCode.get(codeOf(connection).toLowerCase()), ...identities];
}

function waitingIn(cache: ClusterCache, namespace: string): readonly Connection[] {
  return [...cache.byNamespace.get(namespace)].filter((connection) => !isIssued(connection));
}
