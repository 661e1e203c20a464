import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { rotationAnnotations, secretKeys } from '../../src/api/names.ts';
import { generatedFiles } from '../../tools/generate-types.ts';
import { readFile } from './read-tracked-files.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly 'x-kubernetes-list-type'?: string;
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
}

const files = Object.keys(generatedFiles);

/** Every field with its path; `[]` is an item of a list, `*` a value of a map. */
function listFields(schema: Schema, path: string): Field[] {
  const below = [
    ...Object.entries(schema.properties ?? {}).map(([name, field]) => listFields(field, `${path}.${name}`)),
    schema.items === undefined ? [] : listFields(schema.items, `${path}[]`),
    schema.additionalProperties === undefined ? [] : listFields(schema.additionalProperties, `${path}.*`),
  ];
  return [{ path, schema }, ...below.flat()];
}

function fieldsOf(file: string): Field[] {
  const crd = load(readFile(file)) as { spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } };
  return crd.spec.versions.flatMap(({ schema }) => listFields(schema.openAPIV3Schema, ''));
}

/** The API server describes metadata itself, and the values of a map are described with the map. */
const needsNone = (path: string): boolean => path === '.metadata' || path.endsWith('.*');

function isUnbounded({ path, schema }: Field): boolean {
  if (path === '.apiVersion' || path === '.kind') return false;
  if (schema.type === 'string') {
    return schema.maxLength === undefined && schema.enum === undefined && schema.format === undefined;
  }
  if (schema.type === 'array') return schema.maxItems === undefined || schema['x-kubernetes-list-type'] === undefined;
  return schema.additionalProperties !== undefined && schema.maxProperties === undefined;
}

const pathsWhere = (file: string, broken: (field: Field) => boolean): string[] =>
  fieldsOf(file)
    .filter(broken)
    .map(({ path }) => path);

test.each(files)('%s describes every field', (file) => {
  expect(fieldsOf(file).length).toBeGreaterThan(10);
  expect(pathsWhere(file, ({ path, schema }) => !needsNone(path) && !schema.description)).toEqual([]);
});

test.each(files)('%s bounds every string, list and map, and says how each list is merged', (file) => {
  expect(pathsWhere(file, isUnbounded)).toEqual([]);
});

test.each(files)('%s has no default inside list items: they break server-side apply', (file) => {
  expect(pathsWhere(file, ({ path, schema }) => path.includes('[]') && 'default' in schema)).toEqual([]);
});

test('the keys that spec.secret.data may not name are those that the operator writes', () => {
  const [, list = ''] = /self\.all\(k, !\(k in \[([^\]]+)\]/.exec(readFile('crds/connection.yaml')) ?? [];
  expect(list.replaceAll("'", '').split(', ')).toEqual(Object.values(secretKeys));
});

test('the annotations that the policy knows are those that the operator acts on', () => {
  const known = readFile('manifests/policies/annotations.yaml').match(/(?<=')connect\.pim\.dev\/[a-z-]+(?=')/g) ?? [];
  expect(new Set(known)).toEqual(new Set(Object.values(rotationAnnotations)));
});
