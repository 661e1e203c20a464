/**
 * Makes `docs/reference/` from what the programs are made of: fields from `crds/`, metrics and flags from the code. Run by
 * `npm run generate`; a repository test holds pages and originals equal.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Registry } from 'prom-client';
import { buildGatewayMetrics } from '../src/gateway/metrics/gateway-metrics.ts';
import { registerFlowMetrics } from '../src/gateway/metrics/register-flow-metrics.ts';
import { buildOperatorMetrics } from '../src/operator/operator-metrics.ts';

const root = join(import.meta.dirname, '..');
const folder = 'docs/reference';
const notice = '<!-- Made by npm run generate: do not edit. -->';

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string; readonly shortNames: readonly string[] };
    readonly scope: string;
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/** Path in the repository → text, for every page. */
export async function buildPages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for (const name of ['connection', 'connectionrole', 'connectiongroup']) {
    const definition = load(await readFile(join(root, `crds/${name}.yaml`), 'utf8')) as Definition;
    pages.set(`${folder}/${name}.md`, buildFieldPage(definition));
  }
  pages.set(`${folder}/metrics.md`, buildMetricsPage());
  pages.set(`${folder}/command-line.md`, await buildCommandPage());
  return pages;
}

function buildFieldPage({ spec }: Definition): string {
  const { kind, plural, shortNames } = spec.names;
  const [version] = spec.versions;
  const schema = version?.schema.openAPIV3Schema;
  const sections = ['spec', 'status'].flatMap((part) => {
    const fields = schema?.properties?.[part];
    return fields === undefined ? [] : [`## ${part}\n\n${buildTable(listFields(fields, part))}`];
  });
  const names = [plural, ...shortNames].map((name) => `\`${name}\``).join(', ');
  return [
    `# ${kind}`,
    notice,
    `\`connect.pim.dev/${version?.name}\`, ${spec.scope.toLowerCase()}, ${names}.`,
    clean(schema?.description ?? ''),
    ...sections,
    '',
  ].join('\n\n');
}

interface Field {
  readonly path: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** Every field below an object, in the order of the definition; `[]` is an item of a list, `*` a value of a map. */
function listFields(schema: Schema, path: string, required = false): readonly Field[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    listFields(field, `${path}.${name}`, schema.required?.includes(name)),
  );
  const items = schema.items?.properties ? listFields(schema.items, `${path}[]`).slice(1) : [];
  return [{ path, required, schema }, ...below, ...items];
}

function buildTable([, ...fields]: readonly Field[]): string {
  const rows = fields.map(({ path, required, schema }) => {
    const limits = [
      required ? 'required' : '',
      schema.default === undefined ? '' : `default \`${JSON.stringify(schema.default)}\``,
      schema.enum === undefined ? '' : schema.enum.map((value) => `\`${value}\``).join(', '),
      schema.maxItems === undefined ? '' : `at most ${schema.maxItems}`,
      schema.maxProperties === undefined ? '' : `at most ${schema.maxProperties}`,
    ].filter((text) => text !== '');
    return `| \`${path}\` | ${typeOf(schema)} | ${limits.join('; ')} | ${clean(schema.description ?? '')} |`;
  });
  return ['| field | type | | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function typeOf({ type = '', format, items, additionalProperties }: Schema): string {
  if (items !== undefined) return `list of ${items.type}`;
  if (additionalProperties !== undefined) return `map of ${additionalProperties.type}`;
  return format === undefined ? type : `${type}, ${format}`;
}

/** One line, and nothing that a Markdown table takes for its own. */
function clean(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function buildMetricsPage(): string {
  // Only names and texts are asked for; nothing is measured.
  const nothing = new Proxy({}, { get: () => () => undefined }) as never;
  const gateway = buildGatewayMetrics(nothing).registry;
  registerFlowMetrics(gateway, nothing);
  const programs = { operator: buildOperatorMetrics(nothing).registry, gateway };
  const sections = Object.entries(programs).map(
    ([program, registry]) => `## ${program}\n\n${buildMetricsTable(registry, `connection_${program}_`)}`,
  );
  const about =
    'Served at `/metrics` of the admin port (9090). Beside these there are the usual ones of a Node process ' +
    '(`…_process_…`, `…_nodejs_…`). Labels name Connections that exist; a series goes with its Connection.';
  return ['# Metrics', notice, about, ...sections, ''].join('\n\n');
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}

function buildMetricsTable(registry: Registry, prefix: string): string {
  const metrics = registry.getMetricsAsArray() as unknown as readonly Metric[];
  const ours = metrics.filter(({ name }) => !/^(process|nodejs)_/.test(name.slice(prefix.length)));
  const rows = ours
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ name, help, labelNames = [] }) => `| \`${name}\` | ${labelNames.join(', ')} | ${clean(help)} |`);
  return ['| metric | labels | meaning |', '|---|---|---|', ...rows].join('\n');
}

async function buildCommandPage(): Promise<string> {
  const bins = (await readdir(join(root, 'src/bin'))).map((file) => file.replace('.ts', ''));
  const sections = bins.sort().map((bin) => {
    const args = [`src/bin/${bin}.ts`, '--help'];
    const text = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { COLUMNS: '100' } });
    return `## ${bin}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\``;
  });
  const about =
    'What `--help` says. A wrong flag is exit code 2 with a sentence, a start that cannot work is exit code 1.';
  return ['# Command line', notice, about, ...sections, ''].join('\n\n');
}

async function writePages(): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  for (const [path, text] of await buildPages()) await writeFile(join(root, path), text);
  console.log(folder);
}

if (import.meta.main) await writePages();
