import type { Connection, ConnectionSpec, ConnectionStatus, Verifier } from '../../../src/api/generated/connection.ts';

/** 2026-03-01T00:00:00Z in milliseconds. */
export const now = 1_772_323_200_000;
export const minute = 60_000;
export const hour = 3_600_000;
export const day: number = 24 * hour;

/** RFC 3339 of a moment so many milliseconds from {@link now}. */
export function at(offset: number): string {
  return new Date(now + offset).toISOString();
}

/** What a test says about a Connection; everything else is as of `shop/erp` with uid `uid-1`. */
export interface ConnectionParts {
  readonly metadata?: Partial<Connection['metadata']>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Partial<ConnectionSpec>;
  readonly status?: ConnectionStatus;
}

export function buildConnection({ metadata, annotations, spec, status }: ConnectionParts = {}): Connection {
  return {
    apiVersion: 'connect.pim.dev/v1beta1',
    kind: 'Connection',
    metadata: {
      namespace: 'shop',
      name: 'erp',
      uid: 'uid-1',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(annotations && { annotations }),
      ...metadata,
    },
    spec: { label: 'ERP', flowType: 'Source', ...spec },
    ...(status && { status }),
  };
}

/** An entry as an operator writes it; `version` tells entries apart. */
export function buildVerifier(version: string, more: Partial<Verifier> = {}): Verifier {
  return { version, key: 'k1', alg: 'hmac-sha256', hash: `hash-${version}`, issued: at(-day), ...more };
}

/** The status of a Connection with these verifiers of both parts. */
export function issued(
  clientSecret: readonly Verifier[],
  password: readonly Verifier[] = clientSecret,
  more: Partial<ConnectionStatus> = {},
): ConnectionStatus {
  return {
    code: 'erp',
    clientId: 'erp_abc',
    username: 'erp_0001',
    binding: { name: 'erp-credentials' },
    credentials: { uid: 'uid-1', issuedAt: at(-day), clientSecret, password },
    ...more,
  };
}
