import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult } from './control-plane/run-command.ts';

const repository = join(import.meta.dirname, '..');

/** Runs kubectl against the cluster that is meant. */
export type Kubectl = (args: readonly string[], options?: { readonly input?: string }) => Promise<CommandResult>;

/** Arguments that name a folder of the repository: `-k` where it has a kustomization, else every file of it. */
export function nameFolder(folder: string): string[] {
  const path = join(repository, folder);
  const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
  return names.some((name) => existsSync(join(path, name))) ? ['-k', path] : ['-R', '-f', path];
}

export async function applyFolder(kubectl: Kubectl, folder: string): Promise<void> {
  await succeed(kubectl, ['apply', ...nameFolder(folder)]);
}

/** Applies the CRDs and waits until the API server serves them. */
export async function applyCrds(kubectl: Kubectl): Promise<void> {
  await applyFolder(kubectl, 'crds');
  await succeed(kubectl, ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
}

/** Applies what `kubectl apply -k manifests` applies and waits until its admission policies are in force. */
export async function applyManifests(kubectl: Kubectl): Promise<void> {
  await applyFolder(kubectl, 'manifests');
  await waitForPolicies(kubectl);
  await waitForAdmission(kubectl);
}

/**
 * Waits until the API server takes a Connection. It looks about every ten seconds which kinds there are, and until it
 * has, also after a restart, the policies that name kinds of ours refuse everybody ("failed to configure policy").
 */
export async function waitForAdmission(kubectl: Kubectl): Promise<void> {
  const metadata = { name: `probe-${randomUUID()}`, namespace: 'default' };
  const spec = { label: 'Probe', flowType: 'Other' };
  const connection = JSON.stringify({ apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection', metadata, spec });
  await repeat('a Connection was not taken', async () => {
    const { code, stderr } = await kubectl(['create', '--dry-run=server', '-f', '-'], { input: connection });
    return code === 0 ? undefined : stderr;
  });
}

/** Does it again until it says nothing, at most for a minute; what it said last is in the error. */
async function repeat(what: string, look: () => Promise<string | undefined>): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const complaint = await look();
    if (complaint === undefined) return;
    if (Date.now() > deadline) throw new Error(`${what} within a minute: ${complaint.trim()}`);
    await sleep(200);
  }
}

/** Rejects with what kubectl said when it failed. */
export async function succeed(kubectl: Kubectl, args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await kubectl(args, { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} failed:\n${stderr.trim()}`);
  return stdout;
}

/**
 * The API server reads its policies about once a second, all of them at once: when one that was created after the
 * others refuses, the others are in force too.
 */
async function waitForPolicies(kubectl: Kubectl): Promise<void> {
  const name = `probe-${randomUUID()}`;
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            resources: ['configmaps'],
            operations: ['CREATE'],
            resourceNames: [name],
          },
        ],
      },
      validations: [{ expression: 'false', message: 'policies are in force' }],
    },
  };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
  const probe = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [policy, binding] });
  const object = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
  await succeed(kubectl, ['create', '-f', '-'], probe);
  try {
    await repeat('admission policies were not in force', async () => {
      const { stderr } = await kubectl(['create', '--dry-run=server', '-f', '-'], { input: object });
      return stderr.includes('policies are in force') ? undefined : stderr;
    });
  } finally {
    await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input: probe });
  }
}
