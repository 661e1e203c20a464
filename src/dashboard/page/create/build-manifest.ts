import { dump } from 'js-yaml';
import type { ConnectionSpec } from '../../../api/generated/connection.ts';
import { apiVersion } from '../../../api/names.ts';
import { codeOfName } from '../../../credentials/identity.ts';
import { buildSpec, type Draft } from '../draft/draft.ts';

/** A new Connection as it is sent and committed. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: 'Connection';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: ConnectionSpec;
}

export interface NewNames {
  readonly name: string;
  readonly namespace: string;
  readonly code: string;
}

/** The code is left out where the name says the same. */
export function buildManifest(draft: Draft, { name, namespace, code }: NewNames): Manifest {
  const { label, ...rest } = buildSpec(draft);
  const own = code === '' || code === codeOfName(name) ? {} : { code };
  return { apiVersion, kind: 'Connection', metadata: { name, namespace }, spec: { label, ...own, ...rest } };
}

export function formatManifest(manifest: Manifest): string {
  return dump(manifest, { lineWidth: 120 });
}
