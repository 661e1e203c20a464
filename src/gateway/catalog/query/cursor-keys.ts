import { hkdfSync } from 'node:crypto';
import type { GatewayKeys } from '../../keys/gateway-keys.ts';
import type { CursorKeys } from './seal-cursor.ts';

const purpose = 'connect.pim.dev/cursor/v1';

/**
 * Keys for cursors, made of the session keys: the same on every replica, and gone with them. A cursor is worth nothing
 * beyond reading on, so that one that ends with its key costs a client no more than the list from its start.
 */
export function buildCursorKeys(keys: () => GatewayKeys | undefined): CursorKeys {
  let since: GatewayKeys | undefined;
  let derived: readonly Uint8Array[] = [];
  return () => {
    const now = keys();
    if (now !== since) {
      since = now;
      derived = (now?.sessions ?? [])
        .map(({ key }) => new Uint8Array(hkdfSync('sha256', key, '', purpose, 32)))
        .reverse();
    }
    return derived;
  };
}
