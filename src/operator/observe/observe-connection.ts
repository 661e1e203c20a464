import type { Connection } from '../../api/generated/connection.ts';
import { defaultGroup, defaultRole, parts, secretAnnotations } from '../../api/names.ts';
import type { Secret } from '../../api/secret.ts';
import { newestVerifier } from '../../credentials/accepted-verifiers.ts';
import type { KeyRing } from '../../credentials/key-ring.ts';
import { parseMark } from '../../credentials/mark.ts';
import { buildSentence } from '../../kube/build-sentence.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { isKubeError } from '../../kube/kube-error.ts';
import { connectionPath, secretPath } from '../../kube/resource-paths.ts';
import { wantedSecretName } from '../decide/wanted-secret-name.ts';
import { findLimitReached } from './check-limit.ts';
import type { ClusterCache } from './cluster-cache.ts';
import { buildIdentityLookup, findRivals } from './find-rivals.ts';
import type { ObservedConnection, ReferenceState } from './observed-connection.ts';

/** Where observations come from. */
export interface Sources {
  readonly client: KubeClient;
  readonly cache: ClusterCache;
  readonly settings: { readonly connectionLimit: number; readonly gatewayUrl: string | undefined };
  /** Whether a Connection that is gone had this name within 30 days. */
  readonly isRecentIdentity: (name: string) => boolean;
  /** The verifier keys; `fresh`: as the API server has them now, not as the watch last told. */
  readonly keys: (fresh: boolean) => KeyRing | Promise<KeyRing>;
  readonly isClockOff: () => boolean;
}

/**
 * One Connection with all that a decision needs; `undefined` when it is gone. `live` reads it and its Secret from the
 * API server: only then may a Secret count as gone, foreign or edited.
 */
export async function observeConnection(
  sources: Sources,
  path: { readonly namespace: string; readonly name: string },
  how: { readonly live: boolean; readonly refusal: string | undefined },
): Promise<ObservedConnection | undefined> {
  const { cache, settings } = sources;
  const connection = how.live
    ? await readLive<Connection>(sources.client, connectionPath(path.namespace, path.name))
    : cache.connections.get(path.namespace, path.name);
  if (!connection) return undefined;
  const secretName = wantedSecretName(connection);
  const secret = how.live
    ? await readLive<Secret>(sources.client, secretPath(path.namespace, secretName))
    : cache.secrets.get(path.namespace, secretName);
  const { namespace } = connection.metadata;
  const strays = [...cache.secretsByConnection.get(`${path.namespace}/${path.name}`)].filter(
    ({ metadata }) => metadata.name !== secretName,
  );
  return {
    connection,
    secret,
    strays,
    live: how.live,
    role: stateOf(cache.roles.get(undefined, connection.spec.roleRef?.name ?? defaultRole), namespace),
    group: stateOf(cache.groups.get(undefined, connection.spec.groupRef?.name ?? defaultGroup), namespace),
    rivals: findRivals(cache, connection),
    identities: buildIdentityLookup(cache, connection, sources.isRecentIdentity),
    limitReached: findLimitReached(cache, connection, settings.connectionLimit),
    keys: how.live ? await readKeysFor(sources, connection, secret) : await sources.keys(false),
    gatewayUrl: settings.gatewayUrl,
    refusal: how.refusal === undefined ? undefined : hideValues(how.refusal, [secret, ...strays]),
    clockOff: sources.isClockOff(),
  };
}

function stateOf(
  reference: { spec: { namespaces?: readonly string[] } } | undefined,
  namespace: string,
): ReferenceState {
  if (!reference) return 'notFound';
  const { namespaces } = reference.spec;
  return namespaces === undefined || namespaces.includes(namespace) ? 'allowed' : 'notAllowed';
}

/** A policy may quote the Secret that is there as well as the one that was sent, whose values are gone already. */
function hideValues(sentence: string, secrets: readonly (Secret | undefined)[]): string {
  return secrets.reduce((text, secret) => buildSentence(text, secret), sentence);
}

/**
 * A key that our watch has not told of yet looks like one that was lost, and of a lost key's Secret anything is
 * believed: so it counts as lost only after the API server was asked.
 */
async function readKeysFor(sources: Sources, connection: Connection, secret: Secret | undefined): Promise<KeyRing> {
  const keys = await sources.keys(false);
  const named = parts.map((part) => newestVerifier(connection, part)?.key);
  const mark = parseMark(secret?.metadata.annotations?.[secretAnnotations.issued]);
  const isKnown = (id: string | undefined): boolean => id === undefined || keys.get(id) !== undefined;
  return [...named, mark?.key].every(isKnown) ? keys : sources.keys(true);
}

async function readLive<T>(client: KubeClient, path: string): Promise<T | undefined> {
  try {
    return await client.get<T>(path);
  } catch (error) {
    if (isKubeError(error) && error.code === 'NotFound') return undefined;
    throw error;
  }
}
