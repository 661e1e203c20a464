import { load, loadAll } from 'js-yaml';
import type { Policy } from './check-policies.ts';
import type { Crd } from './crd-schema.ts';

const crdFiles = ['connection', 'connectionrole', 'connectiongroup'].map((name) => `crds/${name}.yaml`);
const policyFiles = ['annotations', 'namespaces', 'permissions'].map((name) => `manifests/policies/${name}.yaml`);

/** The files that manifests are judged by: those that are applied to a cluster, and no others. */
export const ruleFiles: readonly string[] = [...crdFiles, ...policyFiles];

/** What manifests are judged by. */
export interface Rules {
  readonly crds: readonly Crd[];
  readonly policies: readonly Policy[];
}

/** Reads them all, which takes longer than to judge by them: once is enough. */
export function readRules(readProjectFile: (path: string) => string): Rules {
  return {
    crds: crdFiles.map((path) => load(readProjectFile(path)) as Crd),
    policies: policyFiles
      .flatMap((path) => loadAll(readProjectFile(path)) as (Policy & { readonly kind: string })[])
      .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy'),
  };
}
