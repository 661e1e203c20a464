import { LRUCache } from 'lru-cache';

const minute = 60_000;
const hour = 60 * minute;
/** More failures than this a minute and the network waits for that connection. */
const perNetwork = 10;
/** More failures than this an hour over all networks and only networks that succeeded before are let through. */
const perConnection = 100;
/** Entries of each table: a flood of networks pushes out the oldest, never the process. */
const tableSize = 20_000;
/** Networks of one connection that are remembered to have succeeded; those of others cannot push them out. */
const trustedNetworks = 32;

/** Holds back guesses of adopted values, which may be short. */
export interface GuessLimiter {
  /** Whole seconds that this network has to wait for this connection; 0: it may try. */
  check(connection: string, network: string): number;
  recordFailure(connection: string, network: string): void;
  recordSuccess(connection: string, network: string): void;
}

/** Times of the newest failures, oldest first: one more than are allowed. */
type Failures = number[];

/** `clock` is monotonic, in milliseconds. */
export function buildGuessLimiter(clock: () => number = () => performance.now()): GuessLimiter {
  const byNetwork = new LRUCache<string, Failures>({ max: tableSize });
  const byConnection = new LRUCache<string, Failures>({ max: tableSize });
  const trusted = new LRUCache<string, Set<string>>({ max: tableSize });
  const pair = (connection: string, network: string): string => `${connection} ${network}`;
  return {
    check(connection, network) {
      const now = clock();
      const own = findWait(byNetwork.get(pair(connection, network)), perNetwork, now - minute);
      if (own > 0 || trusted.get(connection)?.has(network)) return own;
      return findWait(byConnection.get(connection), perConnection, now - hour);
    },
    recordFailure(connection, network) {
      const now = clock();
      add(byNetwork, pair(connection, network), perNetwork, now);
      add(byConnection, connection, perConnection, now);
    },
    recordSuccess(connection, network) {
      const networks = trusted.get(connection) ?? new Set();
      networks.delete(network);
      networks.add(network);
      const [oldest] = networks;
      if (networks.size > trustedNetworks && oldest !== undefined) networks.delete(oldest);
      trusted.set(connection, networks);
    },
  };
}

function add(table: LRUCache<string, Failures>, key: string, most: number, now: number): void {
  const failures = table.get(key) ?? [];
  failures.push(now);
  if (failures.length > most + 1) failures.shift();
  table.set(key, failures);
}

/** Seconds until no more than `most` failures are younger than `since`. */
function findWait(failures: Failures | undefined, most: number, since: number): number {
  const [oldest] = failures ?? [];
  if (failures === undefined || failures.length <= most || oldest === undefined || oldest <= since) return 0;
  return Math.ceil((oldest - since) / 1000);
}
