/**
 * Makes `src/api/generated/` from `crds/`, so that a field is described once. Run by `npm run generate`; a repository
 * test holds the two equal.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

const root = new URL('../', import.meta.url);

/** The part of an OpenAPI v3 schema that the CRDs use. */
interface Schema {
  readonly type: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

/** CRD file → file of generated types. */
export const generatedFiles: Readonly<Record<string, string>> = {
  'crds/connection.yaml': 'src/api/generated/connection.ts',
  'crds/connectionrole.yaml': 'src/api/generated/connection-role.ts',
  'crds/connectiongroup.yaml': 'src/api/generated/connection-group.ts',
};

/** Objects in a schema that get a name of their own, by path (`[]` is an item). Equal names need equal schemas. */
const typeNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Connection: {
    spec: 'ConnectionSpec',
    'spec.secret': 'SecretSpec',
    'spec.rotation': 'RotationSpec',
    status: 'ConnectionStatus',
    'status.conditions[]': 'Condition',
    'status.credentials': 'CredentialsStatus',
    'status.credentials.reissues': 'Reissues',
    'status.credentials.clientSecret[]': 'Verifier',
    'status.credentials.password[]': 'Verifier',
    'status.credentials.retired': 'RetiredCredentials',
    'status.credentials.retired.clientSecret[]': 'RetiredVerifier',
    'status.credentials.retired.password[]': 'RetiredVerifier',
    'status.rotation': 'RotationStatus',
    'status.rotation.clientSecret': 'PartRotation',
    'status.rotation.password': 'PartRotation',
    'status.rotation.handled[]': 'HandledRequest',
    'status.rotation.history[]': 'RotationRecord',
  },
  ConnectionRole: { spec: 'ConnectionRoleSpec', 'spec.rules[]': 'PathRule' },
  ConnectionGroup: {
    spec: 'ConnectionGroupSpec',
    'spec.catalog': 'Catalog',
    'spec.catalog.categories': 'CategoryRights',
    'spec.catalog.attributeGroups': 'AttributeGroupRights',
    'spec.catalog.locales': 'LocaleRights',
  },
};

/** String enums that get a name of their own. */
const enumNames: Readonly<Record<string, string>> = {
  'spec.flowType': 'FlowType',
  'status.credentials.adopted[]': 'AdoptedItem',
  'status.rotation.history[].cause': 'RotationCause',
};

/** What building one file needs to know and collects. */
interface Build {
  readonly kind: string;
  readonly definitions: Record<string, JSONSchema>;
}

/** The TypeScript text made from the CRD in `yaml`. */
export async function buildTypes(yaml: string): Promise<string> {
  const { spec } = load(yaml) as Definition;
  const [version] = spec.versions;
  if (version === undefined || spec.versions.length !== 1) throw new Error('one version expected');
  const build: Build = { kind: spec.names.kind, definitions: {} };
  const metadata = spec.scope === 'Namespaced' ? 'NamespacedResourceMeta' : 'ClusterResourceMeta';
  const schema = buildRoot(version.schema.openAPIV3Schema, metadata, build);
  const text = await compile({ ...schema, definitions: build.definitions }, build.kind, {
    additionalProperties: false,
    bannerComment: `// Made from crds/ by tools/generate-types.ts: do not edit.\n\nimport type { ${metadata} } from '../object-meta.ts';`,
    ignoreMinAndMaxItems: true,
    style: { bracketSpacing: true, printWidth: 120, singleQuote: true },
  });
  return dropReferenceNotes(addReadonly(text));
}

function buildRoot(schema: Schema, metadata: string, build: Build): JSONSchema {
  const { properties, ...root } = buildObject(schema, '', build);
  const kind = { const: build.kind, description: `Always ${build.kind}.` };
  return {
    ...root,
    properties: { ...properties, kind, metadata: { tsType: metadata } },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
  };
}

function buildSchema(schema: Schema, path: string, build: Build): JSONSchema {
  const name = typeNames[build.kind]?.[path] ?? enumNames[path];
  const built = schema.type === 'object' ? buildObject(schema, path, build) : buildValue(schema, path, build);
  if (name === undefined) return built;
  const known = build.definitions[name];
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(built)) {
    throw new Error(`${build.kind}.${path}: differs from the other schemas named ${name}`);
  }
  build.definitions[name] = built;
  return { $ref: `#/definitions/${name}` };
}

function buildObject(schema: Schema, path: string, build: Build): JSONSchema {
  const object: JSONSchema = { type: 'object', additionalProperties: false };
  if (schema.description !== undefined) object.description = schema.description;
  if (schema.additionalProperties !== undefined) {
    object.additionalProperties = buildSchema(schema.additionalProperties, `${path}.*`, build);
    return object;
  }
  object.properties = {};
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    object.properties[key] = buildSchema(value, path === '' ? key : `${path}.${key}`, build);
  }
  object.required = [...(schema.required ?? [])];
  return object;
}

function buildValue(schema: Schema, path: string, build: Build): JSONSchema {
  const value: JSONSchema = { type: schema.type as 'string' };
  const note = schema.format === 'date-time' ? ' RFC 3339.' : schema.format === 'date' ? ' As 2026-01-31.' : '';
  if (schema.description !== undefined) value.description = schema.description + note;
  if (schema.enum !== undefined) value.enum = [...schema.enum];
  if (schema.items !== undefined) value.items = buildSchema(schema.items, `${path}[]`, build);
  return value;
}

/** Everything read from the API server is immutable: a change is a new object. */
function addReadonly(text: string): string {
  return text
    .replace(/^( +)(\w+\??:|\[k: string\]:)/gm, '$1readonly $2')
    .replace(/: (\w+)\[\];$/gm, ': readonly $1[];')
    .replace(/: (\([^()]+\))\[\];$/gm, ': readonly $1[];');
}

/** Lines that json-schema-to-typescript adds for schemas used twice, and doc comments without a text. */
function dropReferenceNotes(text: string): string {
  return text
    .replace(/^ *\* (This interface was referenced|via the `definition`).*\n/gm, '')
    .replace(/^( *\*\n)+( *\*\/)/gm, '$2')
    .replace(/^ *\/\*\*\n *\*\/\n/gm, '');
}

async function writeTypes(): Promise<void> {
  for (const [from, to] of Object.entries(generatedFiles)) {
    await writeFile(new URL(to, root), await buildTypes(await readFile(new URL(from, root), 'utf8')));
    console.log(to);
  }
}

if (import.meta.main) await writeTypes();
