import type { Connection } from '../../api/generated/connection.ts';
import { compareClaims } from '../../credentials/claim-order.ts';
import { codeOf } from '../../credentials/code.ts';
import { type ClusterCache, identityOf } from './cluster-cache.ts';
import type { IdentityLookup, Rival, Rivals } from './observed-connection.ts';

/** The Connections that hold what this one claims, and go before it. */
export function findRivals(cache: ClusterCache, connection: Connection): Rivals {
  const [clientId, username] = identityOf(connection);
  const code = firstBefore(connection, cache.byCode.get(codeOf(connection).toLowerCase()));
  const byClientId = clientId === undefined ? undefined : firstBefore(connection, cache.byIdentity.get(clientId));
  const byUsername = username === undefined ? undefined : firstBefore(connection, cache.byIdentity.get(username));
  return {
    ...(code && { code }),
    ...(byClientId && { clientId: byClientId }),
    ...(byUsername && { username: byUsername }),
  };
}

/** Look-ups of names over all Connections but this one. `isRecent` knows those of Connections that are gone. */
export function buildIdentityLookup(
  cache: ClusterCache,
  connection: Connection,
  isRecent: (name: string) => boolean,
): IdentityLookup {
  const isOther = (holder: Connection): boolean => !isSame(holder, connection);
  const isHeld = (name: string): boolean => [...cache.byIdentity.get(name)].some(isOther);
  const wasHeld = (name: string): boolean => isHeld(name) || isRecent(name);
  const couldBeGiven = (name: string): boolean => {
    const [holder] = longestCodes(cache, name, codeOf(connection).toLowerCase());
    return holder !== undefined && isOther(holder);
  };
  return { isHeld, wasHeld, isTaken: (name) => wasHeld(name) || couldBeGiven(name) };
}

/**
 * The Connections with the longest code that begins this name (`<code>_…`): they could be given it. None when the own
 * code is as long.
 */
function longestCodes(cache: ClusterCache, name: string, ownCode: string): readonly Connection[] {
  const folded = name.toLowerCase();
  for (let end = folded.lastIndexOf('_'); end > 0; end = folded.lastIndexOf('_', end - 1)) {
    const code = folded.slice(0, end);
    if (code === ownCode) return [];
    const holders = [...cache.byCode.get(code)];
    if (holders.length > 0) return holders;
  }
  return [];
}

function firstBefore(connection: Connection, claimants: Iterable<Connection>): Rival | undefined {
  let first = connection;
  for (const other of claimants) {
    if (!isSame(other, connection) && compareClaims(other, first) < 0) first = other;
  }
  return first === connection ? undefined : { namespace: first.metadata.namespace, name: first.metadata.name };
}

/** By name, not by uid: a cache may still hold the object that had this name before. */
function isSame({ metadata: a }: Connection, { metadata: b }: Connection): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}
