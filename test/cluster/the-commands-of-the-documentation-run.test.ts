import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../tools/control-plane/run-command.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { type RunningOperator, startOperator } from './control-plane/start-operator.ts';
import { type RunningGateway, startGateway } from './gateway/start-gateway.ts';
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
  await Promise.all([operator?.stop(), gateway?.stop()]);
  await api?.stop();
  await cluster?.stop();
  rmSync(tools, { recursive: true });
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
    expect(rest.length).toBeGreaterThan(5);
    await run(rest);
  },
  4 * minute,
);

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
