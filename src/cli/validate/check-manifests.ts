import { loadAll } from 'js-yaml';
import { group, version } from '../../api/names.ts';
import { findDuplicates, findUnknownFields } from './check-fields.ts';
import { checkMetadata } from './check-metadata.ts';
import { checkPolicies } from './check-policies.ts';
import { checkRules } from './check-rules.ts';
import { checkSchema } from './check-schema.ts';
import { type CrdSchema, findChild, isObject } from './crd-schema.ts';
import type { Finding } from './finding.ts';
import type { Rules } from './read-rules.ts';

/** A file with manifests. */
export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

/** What is said about one object of a file. */
export interface Verdict {
  readonly file: string;
  /** Empty where the file cannot be read as YAML. */
  readonly kind: string;
  readonly name: string;
  /** Empty: the API server would take it, as far as that can be told here. */
  readonly findings: readonly Finding[];
}

/** All that was read. */
export interface Verdicts {
  readonly verdicts: readonly Verdict[];
  /** Objects of other groups, which are not looked at. */
  readonly others: number;
}

type Manifest = Readonly<Record<string, unknown>>;

/** Judges every Connection, ConnectionRole and ConnectionGroup as the API server would when it is created. */
export function checkManifests(files: readonly ManifestFile[], rules: Rules): Verdicts {
  const documents = files.flatMap(readDocuments);
  const ours = documents.filter((document) => 'finding' in document || isOurs(document.manifest));
  const roles = documents.flatMap((document) => ('manifest' in document ? [document.manifest] : []));
  const verdicts = ours.map((document): Verdict => {
    if ('finding' in document) return { file: document.file, kind: '', name: '', findings: [document.finding] };
    const { manifest, file } = document;
    const { metadata } = manifest;
    return {
      file,
      kind: String(manifest.kind ?? ''),
      name: isObject(metadata) ? String(metadata.name ?? '') : '',
      findings: checkManifest(manifest, rules, roles),
    };
  });
  return { verdicts, others: documents.length - ours.length };
}

type Document = { readonly file: string } & ({ readonly manifest: Manifest } | { readonly finding: Finding });

function readDocuments({ name, text }: ManifestFile): readonly Document[] {
  try {
    return loadAll(text)
      .filter((document) => document !== null && document !== undefined)
      .flatMap((document) => (isObject(document) && Array.isArray(document.items) ? document.items : [document]))
      .map(
        (document): Document =>
          isObject(document)
            ? { file: name, manifest: document }
            : { file: name, finding: { path: '', message: 'this is no object of Kubernetes' } },
      );
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : '').split('\n');
    return [{ file: name, finding: { path: '', message: `not YAML: ${reason}` } }];
  }
}

function isOurs({ apiVersion }: Manifest): boolean {
  return typeof apiVersion === 'string' && apiVersion.split('/')[0] === group;
}

function checkManifest(manifest: Manifest, { crds, policies }: Rules, others: readonly Manifest[]): readonly Finding[] {
  const crd = crds.find(({ spec }) => spec.names.kind === manifest.kind);
  const schema = crd?.spec.versions.find(({ name }) => `${group}/${name}` === manifest.apiVersion)?.schema
    .openAPIV3Schema;
  if (crd === undefined || schema === undefined) {
    const kinds = crds.map(({ spec }) => spec.names.kind).join(', ');
    return [{ path: '', message: `there is no such kind: write apiVersion: ${group}/${version} and one of ${kinds}` }];
  }
  const object = structuredClone(dropNulls(manifest, schema)) as Record<string, unknown>;
  const unknown = [...findUnknownFields(manifest, schema), ...checkMetadata(manifest.metadata)];
  const structural = [...checkSchema(object, schema), ...findDuplicates(object, schema)];
  // A rule may take for granted what the schema says: the API server asks them only when the schema is content, too.
  if (structural.length > 0) return [...unknown, ...structural];
  const { plural } = crd.spec.names;
  return [...unknown, ...checkRules(object, schema), ...checkPolicies(policies, { group, plural, object, others })];
}

/** A null where none is allowed counts as absent, as in the API server: a default comes in its place, or nothing. */
function dropNulls(value: unknown, schema: CrdSchema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => dropNulls(item, schema?.items));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]) => {
      const known = findChild(schema, name);
      return child === null && known !== undefined && known.nullable !== true ? [] : [[name, dropNulls(child, known)]];
    }),
  );
}
