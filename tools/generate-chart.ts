/**
 * Copies into the Helm chart what it installs as it is: CRDs, policies, roles. A chart reads no files outside of its
 * folder. Run by `npm run generate`; a repository test holds copies and originals equal.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { configSchema } from '../src/gateway/config/config-schema.ts';

const root = join(import.meta.dirname, '..');
const chart = 'manifests/chart';
/** Nothing but copies stands here. */
export const copiesFolder: string = `${chart}/generated`;
export const valuesSchemaFile: string = `${chart}/values.schema.json`;

/** File or folder of the repository → where its YAML stands in `copiesFolder`. */
const originals: Readonly<Record<string, string>> = {
  crds: 'crds',
  'manifests/namespace/namespace.yaml': 'namespace.yaml',
  'manifests/policies': 'policies',
  'manifests/people': 'people',
  'manifests/operator/service-account.yaml': 'operator/service-account.yaml',
  'manifests/operator/rbac.yaml': 'operator/rbac.yaml',
  'manifests/dashboard/service-account.yaml': 'dashboard/service-account.yaml',
  'manifests/gateway/service-account.yaml': 'gateway/service-account.yaml',
  'manifests/gateway/rbac.yaml': 'gateway/rbac.yaml',
  'manifests/components/network-policy/network-policies.yaml': 'network-policies.yaml',
  'manifests/components/service-monitor/service-monitors.yaml': 'monitoring/service-monitors.yaml',
  'manifests/components/alerts/alerts.yaml': 'monitoring/alerts.yaml',
  'manifests/components/grafana-dashboard/connections.json': 'monitoring/connections.json',
};

/** Path in the repository → text, for every copy. */
export async function buildCopies(): Promise<ReadonlyMap<string, string>> {
  const copies = new Map<string, string>();
  for (const [from, to] of Object.entries(originals)) {
    for (const path of await listManifests(from)) {
      const text = await readFile(join(root, path), 'utf8');
      const target = isFile(to) ? to : `${to}/${basename(path)}`;
      // JSON has no comments
      const notice = to.endsWith('.json') ? '' : `# A copy of ${path}, made by npm run generate: do not edit.\n`;
      copies.set(`${copiesFolder}/${target}`, notice + text);
    }
  }
  return copies;
}

const isFile = (path: string): boolean => /\.(yaml|json)$/.test(path);

async function listManifests(path: string): Promise<string[]> {
  if (isFile(path)) return [path];
  const names = (await readdir(join(root, path))).filter((name) => name.endsWith('.yaml'));
  return names.filter((name) => name !== 'kustomization.yaml').map((name) => `${path}/${name}`);
}

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/**
 * The text of values.schema.json with `gateway.config` as the gateway reads it. Only names of fields are taken over:
 * any value may still be a `${NAME}` from the environment.
 */
export async function buildValuesSchema(): Promise<string> {
  const schema = JSON.parse(await readFile(join(root, valuesSchemaFile), 'utf8'));
  schema.properties.gateway.properties.config = namesOf(configSchema as Schema);
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function namesOf({ properties }: Schema): object {
  if (properties === undefined) return {};
  const fields = Object.entries(properties).map(([name, field]) => [name, namesOf(field)]);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(fields) };
}

async function writeChart(): Promise<void> {
  await rm(join(root, copiesFolder), { recursive: true, force: true });
  for (const [path, text] of await buildCopies()) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await writeFile(join(root, valuesSchemaFile), await buildValuesSchema());
  console.log(chart);
}

if (import.meta.main) await writeChart();
