import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../tools/control-plane/run-command.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { type LocalNode, startNode } from '../../tools/kubelet/start-node.ts';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { runCli } from './cli/run-cli.ts';
import { eventually } from './control-plane/eventually.ts';
import { type RunningOperator, startOperator } from './control-plane/start-operator.ts';
import { createGatewayPod } from './gateway/create-gateway-pod.ts';
import { type RunningGateway, startGateway } from './gateway/start-gateway.ts';
import { bindClusterRole, grantInNamespace, type Rule } from './manifests/grant-rights.ts';
import { type Manifest, readText } from './manifests/read-manifests.ts';

const minute = 60_000;
const root = join(import.meta.dirname, '../..');
const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md'))
  .map((path) => `docs/${path}`)
  .sort();

/** The fenced blocks of a page whose first line says `info`. */
function findBlocks(page: string, info: string): readonly string[] {
  return [...readText(page).matchAll(/^( *)```(.+)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , said]) => said === info)
    .map(([, indent = '', , text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}

/** Begins with nothing installed, so it is first. */
const first = 'docs/quick-start.md';
const runnable = pages.filter((page) => page !== first && findBlocks(page, 'sh run').length > 0);
const tools = mkdtempSync(join(tmpdir(), 'documented-'));

let cluster: ControlPlane;
let operator: RunningOperator | undefined;
let gateway: RunningGateway | undefined;
let api: SampleApi | undefined;
let node: LocalNode | undefined;

/** Runs blocks one after the other in one shell, which ends with the first command that fails. */
async function run(blocks: readonly string[]): Promise<void> {
  const env = {
    KUBECONFIG: cluster.kubeconfig,
    PATH: [tools, dirname(cluster.description.kubectl), process.env.PATH].join(':'),
    GATEWAY: gateway?.origin ?? '',
  };
  const input = ['set -euxo pipefail', ...blocks].join('\n');
  const { code, stdout, stderr } = await runCommand('bash', ['-s'], { cwd: root, env, input });
  if (code !== 0) throw new Error(`exit code ${code}\n${stdout}\n${stderr}`);
}

beforeAll(async () => {
  const program = `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'src/bin/kubectl-connection.ts')}" "$@"\n`;
  writeFileSync(join(tools, 'kubectl-connection'), program);
  chmodSync(join(tools, 'kubectl-connection'), 0o755);
  cluster = await startControlPlane();
  api = await startSampleApi();
});
afterAll(async () => {
  await Promise.all([operator?.stop(), gateway?.stop(), node?.stop()]);
  await api?.stop();
  await cluster?.stop();
  rmSync(tools, { recursive: true });
  rmSync(join(root, 'my-cluster'), { recursive: true, force: true });
});

test(
  'the quick start, from an empty cluster on',
  async () => {
    const [install = '', ...rest] = findBlocks(first, 'sh run');
    await run([install]);
    // What the Deployments would run, as their ServiceAccounts.
    const kubeconfigOf = (name: string): Promise<string> =>
      cluster.kubeconfigForServiceAccount('connection-system', name);
    operator = await startOperator({ namespaces: 'all', kubeconfig: await kubeconfigOf('connection-operator') });
    await operator.ready();
    const upstream = api?.origin ?? '';
    gateway = await startGateway({ namespaces: [], upstream, kubeconfig: await kubeconfigOf('connection-gateway') });
    await gateway.ready();
    node = await startNode(cluster);
    await createGatewayPod(cluster, node, gateway);
    expect(rest.length).toBeGreaterThan(5);
    await run(rest);
  },
  4 * minute,
);

describe('through the code that kubelets forward ports with', () => {
  const system = 'connection-system';
  const pods = { apiGroups: [''], resources: ['pods'], verbs: ['list'] };
  const forward = { apiGroups: [''], resources: ['pods/portforward'] };

  /** Somebody who owns a namespace and has the rights of `rules` beside the gateway. */
  async function createOwner(name: string, rules: readonly Rule[]): Promise<string> {
    await cluster.kubectl(['create', 'namespace', name]);
    await cluster.kubectl(['create', 'serviceaccount', 'owner', '-n', name]);
    const user = `system:serviceaccount:${name}:owner`;
    await bindClusterRole(cluster, user, name, 'admin');
    await grantInNamespace(cluster, user, system, rules);
    return findKubeconfig(name, 'owner');
  }

  /** The API server learns of new bindings a moment later; that of pods is the last one. */
  async function findKubeconfig(namespace: string, name: string): Promise<string> {
    const kubeconfig = await cluster.kubeconfigForServiceAccount(namespace, name);
    const path = `/api/v1/namespaces/${system}/pods`;
    await eventually(async () => expect(await cluster.request({ path }, kubeconfig)).toMatchObject({ status: 200 }));
    return kubeconfig;
  }

  test('kubectl connection reaches the gateway with the rights that its page names, and no more', async () => {
    const kubeconfig = await createOwner('forwarded', [pods, { ...forward, verbs: ['get', 'create'] }]);
    const use = async (...args: readonly string[]) => {
      const result = await runCli([...args, '-n', 'forwarded'], { kubeconfig });
      expect(result).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/Not shown|will not be seen/) });
      return result.stdout;
    };
    await use('create-client', 'ERP', '--name', 'erp');
    expect(await use('rotate', 'erp')).toMatch(/The gateway refused the old value after [\d.]+ m?s\./);
    expect(await use('list')).toMatch(/^erp +ERP +Other +no +yes +\S+ +\d+ +-$/m);
    const rates: { name: string; total: number }[] = JSON.parse(await use('top', '--interval', '1s', '-o', 'json'));
    expect(rates.find(({ name }) => name === 'erp')?.total).toBeGreaterThan(0);
  });

  test('a command that fails once it has reached the gateway ends', async () => {
    await cluster.kubectl(['create', 'serviceaccount', 'reader', '-n', 'forwarded']);
    const reader = 'system:serviceaccount:forwarded:reader';
    await bindClusterRole(cluster, reader, 'forwarded', 'view');
    await grantInNamespace(cluster, reader, 'forwarded', [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]);
    await grantInNamespace(cluster, reader, system, [pods, { ...forward, verbs: ['get', 'create'] }]);
    const kubeconfig = await findKubeconfig('forwarded', 'reader');
    const rotated = await runCli(['rotate', 'erp', '-n', 'forwarded'], { kubeconfig });
    expect(rotated).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('cannot patch') });
  });

  test('kubectl port-forward to the Service, as the quick start has it, leads to the gateway', async () => {
    const args = ['-n', system, 'port-forward', 'service/connection-gateway', ':80'];
    const child = spawn(cluster.description.kubectl, args, { env: { ...process.env, KUBECONFIG: cluster.kubeconfig } });
    const ended = once(child, 'exit');
    try {
      const [line] = await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended]);
      const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+) /.exec(String(line)) ?? [];
      const answer = await fetch(`http://127.0.0.1:${port}/.well-known/oauth-authorization-server`);
      expect(await answer.json()).toMatchObject({ grant_types_supported: ['password', 'refresh_token'] });
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  });

  test.each(['get', 'create'])('whoever has %s alone on port-forwards reads which verbs it takes', async (verb) => {
    const kubeconfig = await createOwner(`only-${verb}`, [pods, { ...forward, verbs: [verb] }]);
    const { code, stderr } = await runCli(['top', '-n', `only-${verb}`], { kubeconfig });
    expect(code).toBe(1);
    expect(stderr).toContain('get and create on pods/portforward');
  });
});

test.each(runnable)('the commands of %s', (page) => run(findBlocks(page, 'sh run')), 3 * minute);

test(
  'pages that begin with a manifest mean one that the API server accepts',
  async () => {
    const known = (apiVersion: string): boolean => /^(v1|apps\/v1|rbac\.|connect\.pim\.dev)/.test(apiVersion);
    const objects = pages
      .flatMap((page) => findBlocks(page, 'yaml'))
      .filter((text) => text.startsWith('apiVersion:'))
      .flatMap((text) => loadAll(text) as Manifest[]);
    expect(objects.length).toBeGreaterThan(5);
    for (const object of objects.filter(({ apiVersion }) => known(apiVersion))) {
      const applied = await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], {
        input: JSON.stringify(object),
      });
      expect([object.metadata.name, applied]).toMatchObject([object.metadata.name, { code: 0 }]);
    }
  },
  2 * minute,
);
