import type { Connection } from '../../src/api/generated/connection.ts';

/** A Connection as the directory has it; nothing here looks at its credentials. */
export function buildConnection(name: string, change: Partial<Connection['spec']> = {}): Connection {
  const code = name.replaceAll('-', '_');
  return {
    apiVersion: 'connect.pim.dev/v1beta1',
    kind: 'Connection',
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { label: name, flowType: 'Source', ...change },
    status: { code, clientId: `${code}_id`, username: `${code}_0001` },
  };
}
