import type { Connection } from '../../api/generated/connection.ts';
import type { TokenSettings } from './token-settings.ts';

/** Whether the client of one connection may act as the user of another. */
export function isPairAllowed(client: Connection, user: Connection, pairing: TokenSettings['pairing']): boolean {
  if (client.metadata.uid === user.metadata.uid || pairing === 'warn') return true;
  return pairing === 'namespace' && client.metadata.namespace === user.metadata.namespace;
}
