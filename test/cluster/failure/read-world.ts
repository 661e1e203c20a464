import type { Connection } from '../../../src/api/generated/connection.ts';
import type { Secret } from '../../../src/api/secret.ts';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';

/** What the API server has of a Connection and of what belongs to it. */
export interface World {
  readonly connection: Connection;
  /** The Secret that `status.binding` names, or the default one; absent when it is not there. */
  readonly secret: Secret | undefined;
  /** Of this very object, by reason, repetitions counted. */
  readonly events: Readonly<Record<string, number>>;
}

interface EventObject {
  readonly reason: string;
  readonly regarding: { readonly name: string; readonly uid: string };
  readonly series?: { readonly count: number };
}

/** Path of Connections of a namespace, or of one of them. */
export function connectionsAt(namespace: string, name?: string): string {
  const list = `/apis/connect.pim.dev/v1beta1/namespaces/${namespace}/connections`;
  return name === undefined ? list : `${list}/${name}`;
}

/** Path of Secrets of a namespace, or of one of them. */
export function secretsAt(namespace: string, name?: string): string {
  const list = `/api/v1/namespaces/${namespace}/secrets`;
  return name === undefined ? list : `${list}/${name}`;
}

/** All Connections of a namespace by name, read with three lists. Nothing is believed: the objects come as they are. */
export async function readWorlds(cluster: Cluster, namespace: string): Promise<ReadonlyMap<string, World>> {
  const [connections, secrets, events] = await Promise.all([
    readItems<Connection>(cluster, connectionsAt(namespace)),
    readItems<Secret>(cluster, secretsAt(namespace)),
    readItems<EventObject>(cluster, `/apis/events.k8s.io/v1/namespaces/${namespace}/events`),
  ]);
  const byName = new Map(secrets.map((secret) => [secret.metadata.name, secret]));
  return new Map(
    connections.map((connection) => {
      const { name, uid } = connection.metadata;
      const own = events.filter(({ regarding }) => regarding.uid === uid);
      const secretName = connection.status?.binding?.name ?? connection.spec?.secret?.name ?? `${name}-credentials`;
      return [name, { connection, secret: byName.get(secretName), events: countByReason(own) }];
    }),
  );
}

/** One Connection; rejects when it is not there. */
export async function readWorld(cluster: Cluster, namespace: string, name: string): Promise<World> {
  const world = (await readWorlds(cluster, namespace)).get(name);
  if (!world) throw new Error(`there is no Connection ${namespace}/${name}`);
  return world;
}

/** Sends a request and rejects unless the API server said yes. */
export async function succeed<Body>(cluster: Cluster, request: Parameters<Cluster['request']>[0]): Promise<Body> {
  const answer = await cluster.request<Body>(request);
  if (answer.status < 300) return answer.body;
  throw new Error(`${request.method ?? 'GET'} ${request.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

async function readItems<T>(cluster: Cluster, path: string): Promise<readonly T[]> {
  return (await succeed<{ readonly items: readonly T[] }>(cluster, { path })).items;
}

function countByReason(events: readonly EventObject[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason, series } of events) counts[reason] = (counts[reason] ?? 0) + (series?.count ?? 1);
  return counts;
}
