import type { ConnectionSpec, FlowType } from '../api/generated/connection.ts';
import { apiVersion } from '../api/names.ts';

/** A Connection as it stands in Git: nothing in it that has a default. */
export interface ConnectionManifest {
  readonly apiVersion: string;
  readonly kind: 'Connection';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: ConnectionSpec;
}

/** What a person says of a new Connection. */
export interface ConnectionWish {
  readonly name: string;
  readonly namespace: string;
  readonly label: string;
  readonly flowType: FlowType;
  readonly code?: string | undefined;
  readonly tracked?: boolean | undefined;
  readonly role?: string | undefined;
  readonly group?: string | undefined;
  readonly image?: string | undefined;
}

export function buildManifest(wish: ConnectionWish): ConnectionManifest {
  const { name, namespace, label, code, flowType, tracked, role, group, image } = wish;
  return {
    apiVersion,
    kind: 'Connection',
    metadata: { name, namespace },
    spec: {
      label,
      ...(code !== undefined && { code }),
      flowType,
      ...(tracked === true && { tracked }),
      ...(role !== undefined && { roleRef: { name: role } }),
      ...(group !== undefined && { groupRef: { name: group } }),
      ...(image !== undefined && { image }),
    },
  };
}

/** A name that Kubernetes takes (RFC 1123, at most 63 characters), made of a label. Empty when nothing is left. */
export function proposeName(label: string): string {
  return label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}
