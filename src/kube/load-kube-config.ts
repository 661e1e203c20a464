import { accessSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { load } from 'js-yaml';

/** Where the configuration comes from. */
export interface KubeConfigSource {
  /** `--kubeconfig`. Absent: `KUBECONFIG` (several files as kubectl takes them), the pod, `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** Absent: the current one. */
  readonly context?: string | undefined;
}

const podTokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Fills `config` (new and empty) from the source. Throws an `Error` that says which file or setting is missing. In the
 * pod comes before `~/.kube/config`, as in client-go.
 */
export function loadKubeConfig(config: KubeConfig, source: KubeConfigSource): KubeConfig {
  const files = findFiles(source);
  if (files === undefined) config.loadFromCluster();
  else loadFiles(config, files);
  if (source.context !== undefined) config.setCurrentContext(source.context);
  return config;
}

/** `undefined`: the pod's ServiceAccount. */
function findFiles(source: KubeConfigSource): string[] | undefined {
  if (source.kubeconfig !== undefined) return [source.kubeconfig];
  const listed = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) return listed;
  if (process.env.KUBERNETES_SERVICE_HOST && isReadable(podTokenFile)) return undefined;
  const home = join(homedir(), '.kube', 'config');
  if (isReadable(home)) return [home];
  throw new Error('no cluster: give --kubeconfig FILE, set KUBECONFIG, or run in a pod with a ServiceAccount token');
}

/** The first file that has a name wins, as kubectl merges them; files that do not exist are left out unless all are. */
function loadFiles(config: KubeConfig, files: readonly string[]): void {
  const present = files.filter(isReadable);
  if (present.length === 0) throw new Error(`kubeconfig ${files.join(', ')} does not exist or cannot be read`);
  const merged = { clusters: [...config.clusters], users: [...config.users], contexts: [...config.contexts] };
  let current: string | undefined;
  for (const file of present) {
    loadFile(config, file);
    for (const part of ['clusters', 'users', 'contexts'] as const) {
      const known = new Set(merged[part].map((entry) => entry.name));
      (merged[part] as unknown[]).push(...config[part].filter((entry) => !known.has(entry.name)));
    }
    current ??= config.currentContext || undefined;
  }
  config.loadFromOptions({ ...merged, currentContext: current });
}

function loadFile(config: KubeConfig, file: string): void {
  try {
    config.loadFromFile(file);
    const raw = load(readFileSync(file, 'utf8')) as RawKubeConfig;
    for (const { name, user } of raw.users ?? []) {
      if (user?.tokenFile === undefined || user.token !== undefined) continue;
      const found = config.users.find((entry) => entry.name === name);
      if (found !== undefined) setTokenFile(found, resolve(dirname(file), user.tokenFile));
    }
  } catch {
    // The parser's message would show lines of the file, and those hold tokens.
    throw new Error(`kubeconfig ${file} is not a kubeconfig: check it with kubectl config view --kubeconfig ${file}`);
  }
}

interface RawKubeConfig {
  readonly users?: readonly { name: string; user?: { tokenFile?: string; token?: string } }[];
}

/** client-node knows the kubeconfig's `tokenFile` only in the form that it uses for a pod, where it reads it again every minute. */
function setTokenFile(user: User, tokenFile: string): void {
  Object.assign(user, { authProvider: { name: 'tokenFile', config: { tokenFile } } });
}

function isReadable(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}
