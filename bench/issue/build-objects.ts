import type { Connection } from '../../src/api/generated/connection.ts';
import { apiVersion, labels } from '../../src/api/names.ts';
import type { Secret } from '../../src/api/secret.ts';

/** What the operator made of one Connection: bare writes copy it, so that they have its size. */
export interface Sample {
  readonly connection: Connection;
  readonly secret: Secret;
}

/** Where the Connection of this number of a batch stands. Names of all batches are equally long. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

export function placeOf(batch: string, namespaces: readonly string[], index: number): Place {
  const namespace = namespaces[index % namespaces.length];
  if (namespace === undefined) throw new Error('a batch needs a namespace');
  return { namespace, name: `${batch}-${String(index).padStart(5, '0')}` };
}

export const connectionsPath = (namespace: string): string => `/apis/${apiVersion}/namespaces/${namespace}/connections`;

export const secretsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/secrets`;

export function buildConnection({ namespace, name }: Place): string {
  const spec = { label: `Connection ${name}`, flowType: 'Source', tracked: true };
  return JSON.stringify({ apiVersion, kind: 'Connection', metadata: { namespace, name }, spec });
}

/** A Secret of the size that the operator's has, owned by the Connection. */
export function buildSecret({ secret }: Sample, { namespace, name }: Place, uid: string): string {
  const { annotations, ownerReferences = [], labels: given } = secret.metadata;
  const metadata = {
    namespace,
    name: `${name}-credentials`,
    labels: { ...given, [labels.connection]: name },
    annotations,
    ownerReferences: ownerReferences.map((reference) => ({ ...reference, name, uid })),
  };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, type: secret.type, data: secret.data });
}

/** A status of the size that the operator's has. */
export function buildStatus(
  { connection }: Sample,
  { namespace, name }: Place,
  { uid, resourceVersion }: { readonly uid: string; readonly resourceVersion: string },
): string {
  const metadata = { namespace, name, uid, resourceVersion };
  return JSON.stringify({ apiVersion, kind: 'Connection', metadata, status: connection.status });
}

/** A Secret of the same size that is nobody's business. */
export function buildForeignSecret({ secret }: Sample, { namespace, name }: Place): string {
  const metadata = { namespace, name, annotations: { 'example.com/note': 'x'.repeat(400) } };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: secret.data });
}
