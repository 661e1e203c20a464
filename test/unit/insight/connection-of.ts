import type { Connection, ConnectionSpec, ConnectionStatus } from '../../../src/api/generated/connection.ts';
import { apiVersion } from '../../../src/api/names.ts';

/** A Connection `erp` with role and group of its own, issued on 2026-01-01, with what is given put over it. */
export function connectionOf(
  spec: Partial<ConnectionSpec> = {},
  status: ConnectionStatus = {},
  metadata: Partial<Connection['metadata']> = {},
): Connection {
  return {
    apiVersion,
    kind: 'Connection',
    metadata: {
      name: 'erp',
      namespace: 'connectors',
      uid: 'u1',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    spec: { label: 'ERP', flowType: 'Source', roleRef: { name: 'erp' }, groupRef: { name: 'erp' }, ...spec },
    status: {
      clientId: 'erp_abcdefghijklmnopqrstuvwx',
      username: 'erp_1234',
      binding: { name: 'erp-credentials' },
      ...status,
    },
  };
}
