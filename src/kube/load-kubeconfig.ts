import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { load } from 'js-yaml';

/**
 * Fills `config` (new and empty) from the files, merged as kubectl does: of two entries with one name the first counts.
 * Throws an `Error` that names the file, and nothing of what is in it.
 */
export function loadKubeConfig(config: KubeConfig, files: readonly string[], context: string | undefined): KubeConfig {
  const merged = { clusters: config.clusters, users: config.users, contexts: config.contexts };
  let current: string | undefined;
  for (const file of files) {
    loadFile(config, file);
    merged.clusters = addMissing(merged.clusters, config.clusters);
    merged.users = addMissing(merged.users, config.users);
    merged.contexts = addMissing(merged.contexts, config.contexts);
    current ??= config.currentContext || undefined;
  }
  config.loadFromOptions({ ...merged, currentContext: context ?? current });
  // client-node wants this said where there is no TLS; kubectl does not.
  for (const cluster of config.clusters)
    if (/^http:/.test(cluster.server)) Object.assign(cluster, { skipTLSVerify: true });
  return config;
}

function addMissing<T extends { name: string }>(known: T[], added: readonly T[]): T[] {
  const names = new Set(known.map(({ name }) => name));
  return [...known, ...added.filter(({ name }) => !names.has(name))];
}

function loadFile(config: KubeConfig, file: string): void {
  try {
    config.loadFromFile(file);
    const raw = load(readFileSync(file, 'utf8')) as RawKubeConfig;
    for (const { name, user } of raw.users ?? []) {
      const found = config.users.find((entry) => entry.name === name);
      if (user?.tokenFile !== undefined && found !== undefined)
        setTokenFile(found, resolve(dirname(file), user.tokenFile));
    }
  } catch {
    // The parser's message would show lines of the file, and those hold tokens.
    throw new Error(`${file} is not a kubeconfig: look at it with kubectl config view --kubeconfig ${file}`);
  }
}

interface RawKubeConfig {
  readonly users?: readonly { readonly name: string; readonly user?: { readonly tokenFile?: string } }[];
}

/** client-node knows `tokenFile` only in the form that it uses for a pod. It counts before `token`, as in client-go. */
function setTokenFile(user: User, tokenFile: string): void {
  Object.assign(user, { token: undefined, authProvider: { name: 'tokenFile', config: { tokenFile } } });
}
