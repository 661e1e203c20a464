import type { ConnectionSpec } from '../../../src/api/generated/connection.ts';

export interface ConnectionManifest {
  readonly apiVersion: 'connect.pim.dev/v1beta1';
  readonly kind: 'Connection';
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: ConnectionSpec;
}

/** The smallest Connection, and what a test adds to its spec. */
export function buildConnection(name: string, spec: Partial<ConnectionSpec> = {}): ConnectionManifest {
  return {
    apiVersion: 'connect.pim.dev/v1beta1',
    kind: 'Connection',
    metadata: { name },
    spec: { label: `Connection ${name}`, flowType: 'Source', ...spec },
  };
}
