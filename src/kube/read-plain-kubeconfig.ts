import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { load } from 'js-yaml';
import type { Credentials, TlsMaterial } from './cluster-access.ts';
import type { KubeConfigReading } from './read-cluster-access.ts';

/** Fields that are read in here; where there is any other one, client-node has to. */
const plainFields = {
  cluster: ['server', 'certificate-authority', 'certificate-authority-data', 'tls-server-name'],
  user: ['token', 'client-certificate', 'client-certificate-data', 'client-key', 'client-key-data'],
};

type Fields = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

interface RawKubeConfig {
  readonly 'current-context'?: unknown;
  readonly clusters?: readonly { readonly name?: unknown; readonly cluster?: Fields }[];
  readonly users?: readonly { readonly name?: unknown; readonly user?: Fields }[];
  readonly contexts?: readonly { readonly name?: unknown; readonly context?: Fields }[];
}

/**
 * The usual kubeconfig: one file, HTTPS, a token or a client certificate. `undefined` for everything else, also for what
 * is wrong.
 */
export function readPlainKubeConfig(
  files: readonly string[],
  context: string | undefined,
): KubeConfigReading | undefined {
  const [file] = files;
  if (file === undefined || files.length > 1) return undefined;
  try {
    return readFields(file, load(readFileSync(file, 'utf8')) as RawKubeConfig, context);
  } catch {
    return undefined;
  }
}

function readFields(file: string, raw: RawKubeConfig, context: string | undefined): KubeConfigReading | undefined {
  const wanted = context ?? raw['current-context'];
  const named = raw.contexts?.find(({ name }) => name === wanted)?.context;
  const cluster = raw.clusters?.find(({ name }) => name === named?.cluster)?.cluster;
  const user = raw.users?.find(({ name }) => name === named?.user)?.user;
  if (!isPlain(cluster, plainFields.cluster) || !isPlain(user, plainFields.user)) return undefined;
  if (!cluster.server?.startsWith('https:')) return undefined;
  const { namespace } = named ?? {};
  return {
    server: cluster.server.replace(/\/$/, ''),
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : undefined,
    proxy: undefined,
    read: () => readCredentials(dirname(file), cluster, user),
  };
}

function isPlain(fields: Fields | undefined, known: readonly string[]): fields is Texts {
  if (typeof fields !== 'object' || fields === null) return false;
  return Object.entries(fields).every(([name, value]) => known.includes(name) && typeof value === 'string');
}

async function readCredentials(folder: string, cluster: Texts, user: Texts): Promise<Credentials> {
  const [ca, cert, key] = await Promise.all([
    readMaterial(folder, cluster, 'certificate-authority'),
    readMaterial(folder, user, 'client-certificate'),
    readMaterial(folder, user, 'client-key'),
  ]);
  const servername = cluster['tls-server-name'];
  const tls: TlsMaterial = {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername && { servername }),
  };
  return { headers: user.token ? { authorization: `Bearer ${user.token.trim()}` } : {}, tls };
}

/** The file, by its path or beside the kubeconfig, or base64 in the kubeconfig. */
async function readMaterial(folder: string, fields: Texts, name: string): Promise<Buffer | undefined> {
  const path = fields[name];
  if (path) return readFile(resolve(folder, path));
  const data = fields[`${name}-data`];
  return data ? Buffer.from(data, 'base64') : undefined;
}
