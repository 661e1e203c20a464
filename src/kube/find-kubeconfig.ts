import { accessSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { podTokenFile } from './pod-access.ts';

/** Where the configuration comes from. */
export interface KubeConfigSource {
  /** `--kubeconfig`. Absent: `KUBECONFIG` (several files as kubectl takes them), the pod, `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** Absent: the current one. */
  readonly context?: string | undefined;
}

/**
 * Files, of which at least one can be read, or `pod` for its ServiceAccount, which comes before `~/.kube/config` as in
 * client-go. Throws an `Error` that says what to set.
 */
export function findKubeConfig(source: KubeConfigSource): readonly string[] | 'pod' {
  const listed = source.kubeconfig === undefined ? readEnvironment() : [source.kubeconfig];
  if (listed.length > 0) {
    const present = listed.filter(isReadable);
    if (present.length === 0) throw new Error(`kubeconfig ${listed.join(', ')} does not exist or cannot be read`);
    return present;
  }
  if (process.env.KUBERNETES_SERVICE_HOST && isReadable(podTokenFile())) return 'pod';
  const home = join(homedir(), '.kube', 'config');
  if (isReadable(home)) return [home];
  throw new Error('no cluster: give --kubeconfig FILE, set KUBECONFIG, or run in a pod with a ServiceAccount token');
}

function readEnvironment(): string[] {
  return (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
}

function isReadable(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}
