import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

const repository = join(import.meta.dirname, '../../..');

/** One object of a manifest, as far as a test looks into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** Names of the `.yaml` files of a folder of the repository, as in `examples`. */
export function findManifestFiles(folder: string): string[] {
  const names = readdirSync(join(repository, folder)).filter((name) => name.endsWith('.yaml'));
  if (names.length === 0) throw new Error(`${folder} holds no manifests`);
  return names.sort();
}

/** The text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

/** The objects of a file of the repository. */
export function readManifests(path: string): Manifest[] {
  return loadAll(readText(path)) as Manifest[];
}

const collections: Readonly<Record<string, string>> = {
  Connection: 'connections',
  ConnectionRole: 'connectionroles',
  ConnectionGroup: 'connectiongroups',
};

/** Where objects of ours are created: a namespace's for Connections, the cluster's for roles and groups. */
export function collectionPath(kind: string, namespace: string): string {
  const collection = collections[kind];
  if (collection === undefined) throw new Error(`${kind} is no kind of ours`);
  const scope = kind === 'Connection' ? `/namespaces/${namespace}` : '';
  return `/apis/connect.pim.dev/v1beta1${scope}/${collection}`;
}
