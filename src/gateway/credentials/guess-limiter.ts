import { LRUCache } from 'lru-cache';

const minute = 60_000;
const hour = 60 * minute;
/** More failures than this a minute and the network waits for that connection. */
const perNetwork = 10;
/** More failures than this an hour over all networks and only networks that succeeded before are let through. */
const perConnection = 100;
/** Entries of each table: a flood of networks pushes out the oldest, never the process. */
const tableSize = 20_000;

/** Holds back guesses of adopted values, which may be short. */
export interface GuessLimiter {
  /** Seconds that this network has to wait for this connection; 0: it may try. */
  check(connection: string, network: string, now: number): number;
  /** One try, taken for a failure until `recordSuccess` says otherwise. */
  recordAttempt(connection: string, network: string, now: number): void;
  recordSuccess(connection: string, network: string): void;
}

interface Count {
  readonly since: number;
  failures: number;
}

/** Counts in fixed windows that begin with the first failure. */
export function buildGuessLimiter(): GuessLimiter {
  const networks = new LRUCache<string, Count>({ max: tableSize });
  const connections = new LRUCache<string, Count>({ max: tableSize });
  const trusted = new LRUCache<string, true>({ max: tableSize });
  const pair = (connection: string, network: string): string => `${connection} ${network}`;
  return {
    check(connection, network, now) {
      const own = remaining(networks.get(pair(connection, network)), perNetwork, minute, now);
      if (own > 0) return own;
      if (trusted.has(pair(connection, network))) return 0;
      return remaining(connections.get(connection), perConnection, hour, now);
    },
    recordAttempt(connection, network, now) {
      add(networks, pair(connection, network), minute, now);
      add(connections, connection, hour, now);
    },
    recordSuccess(connection, network) {
      trusted.set(pair(connection, network), true);
      takeBack(networks, pair(connection, network));
      takeBack(connections, connection);
    },
  };
}

function add(table: LRUCache<string, Count>, key: string, window: number, now: number): void {
  const count = table.get(key);
  if (count && now - count.since < window) count.failures++;
  else table.set(key, { since: now, failures: 1 });
}

function takeBack(table: LRUCache<string, Count>, key: string): void {
  const count = table.get(key);
  if (count && count.failures > 0) count.failures--;
}

function remaining(count: Count | undefined, most: number, window: number, now: number): number {
  if (!count || count.failures <= most) return 0;
  return Math.max(0, Math.ceil((count.since + window - now) / 1000));
}
