import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminUser, type ClusterUser } from './test-users.ts';

/** Where things are in the working directory of a control plane. */
export const paths = {
  tokens: 'tokens.csv',
  serviceAccountKey: 'service-account.key',
  certificates: 'certificates',
  /** The API server makes it at its first start and signs it itself: it is also what clients verify it by. */
  certificate: 'certificates/apiserver.crt',
  auditPolicy: 'audit-policy.json',
  auditLog: 'audit.log',
} as const;

/** The user that kube-controller-manager is; RBAC's built-in roles give it what it needs. */
export const controllerManagerUser: ClusterUser = { name: 'system:kube-controller-manager', groups: [] };

/** Path of a user's kubeconfig in the working directory. */
export function kubeconfigPath(directory: string, user: string): string {
  return join(directory, 'kubeconfigs', `${encodeURIComponent(user)}.json`);
}

/**
 * Writes the key for ServiceAccount tokens, a token for each user and a kubeconfig for each token. The files can be
 * read by this user of the machine only.
 */
export function writeCredentials(directory: string, url: string, users: readonly ClusterUser[]): void {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(join(directory, paths.serviceAccountKey), privateKey, { mode: 0o600 });
  mkdirSync(join(directory, 'kubeconfigs'), { recursive: true });

  const lines: string[] = [];
  for (const { name, groups } of [adminUser, controllerManagerUser, ...users]) {
    const token = randomBytes(24).toString('base64url');
    lines.push(`${token},${name},${name},"${groups.join(',')}"\n`);
    writeKubeconfig(kubeconfigPath(directory, name), directory, url, token);
  }
  writeFileSync(join(directory, paths.tokens), lines.join(''), { mode: 0o600 });
}

/** Writes the kubeconfig of whoever this token stands for. JSON, which is YAML too. */
export function writeKubeconfig(path: string, directory: string, url: string, token: string): void {
  const cluster = { server: url, 'certificate-authority': join(directory, paths.certificate) };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'local',
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'user' } }],
    clusters: [{ name: 'local', cluster }],
    users: [{ name: 'user', user: { token } }],
  };
  writeFileSync(path, `${JSON.stringify(kubeconfig, undefined, 2)}\n`, { mode: 0o600 });
}
