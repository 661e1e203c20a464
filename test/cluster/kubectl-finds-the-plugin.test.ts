import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import * as pty from '@lydell/node-pty';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readVersion } from '../../src/process/run-program.ts';
import { runCommand } from '../../tools/control-plane/run-command.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { collectionPath } from './manifests/read-manifests.ts';

const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
const installed = join(folder, 'node_modules', '.bin');
const cluster = sharedCluster();
const env = { PATH: [installed, dirname(process.execPath), process.env.PATH].join(delimiter) };
const megabyte = 1024 * 1024;
let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace();
  const built = await runCommand(process.execPath, ['tools/build-cli.ts', '--executable', '--out', folder]);
  expect(built).toMatchObject({ code: 0 });
  const npm = await runCommand('npm', ['install', '--offline', '--no-audit', '--prefix', folder, join(folder, 'bin')], {
    env,
  });
  expect(npm).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plugin = (...args: readonly string[]) =>
  runCommand(cluster.description.kubectl, ['connection', ...args], { env: { ...env, KUBECONFIG: cluster.kubeconfig } });

test('installed by npm without dependencies, kubectl connection works', async () => {
  expect(await plugin('--version')).toMatchObject({ code: 0, stdout: `${readVersion()}\n` });
  expect(await plugin('validate', 'examples')).toMatchObject({ code: 0, stderr: expect.stringContaining(' 0 not') });
  expect(await plugin('create', 'ERP', '-n', namespace)).toMatchObject({ code: 0 });
  const { stdout } = await plugin('list', '-n', namespace, '-o', 'json');
  expect(JSON.parse(stdout).connections).toMatchObject([{ name: 'erp', state: 'pending' }]);
  expect(await plugin('rotate')).toMatchObject({ code: 2 });
});

test('the single executable works as a plugin where there is no Node, and is little more than one', async () => {
  const alone = (...args: readonly string[]) =>
    runCommand(cluster.description.kubectl, ['connection', ...args], {
      env: { PATH: folder, KUBECONFIG: cluster.kubeconfig },
    });
  expect(await alone('--version')).toEqual({ code: 0, stdout: `${readVersion()}\n`, stderr: '' });
  expect(await alone('validate', 'examples')).toMatchObject({ code: 0, stderr: expect.stringContaining(' 0 not') });
  expect(await alone('create', 'Shop', '-n', namespace)).toMatchObject({ code: 0 });
  const { stdout } = await alone('list', '-n', namespace, '-o', 'json');
  expect(JSON.parse(stdout).connections).toContainEqual(expect.objectContaining({ name: 'shop', state: 'pending' }));
  expect(await alone('list', '--nonsense')).toMatchObject({ code: 2, stdout: '' });
  const program = statSync(join(folder, 'kubectl-connection')).size;
  expect(program).toBeLessThan(statSync(process.execPath).size + 12 * megabyte);
});

test('kubectl completes commands and names', async () => {
  const path = collectionPath('Connection', namespace);
  await cluster.request({ method: 'POST', path, body: buildConnection('dam', {}) });
  const args = ['__complete', 'connection', 'describe', '-n', namespace, 'd'];
  const answer = await runCommand(cluster.description.kubectl, args, {
    env: { ...env, KUBECONFIG: cluster.kubeconfig },
  });
  expect(answer.stdout).toBe('dam\n:4\n');
  const commands = await runCommand(cluster.description.kubectl, ['__complete', 'connection', 're'], { env });
  expect(commands.stdout).toContain('revoke\n');
});

test('bash completes kubectl-connection with the script that it prints', async () => {
  const script = `set -e
    source <(kubectl-connection completion bash)
    COMP_WORDS=(kubectl-connection describe -n ${namespace} d) COMP_CWORD=4
    _kubectl_connection
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = await runCommand('bash', ['-c', script], { env: { ...env, KUBECONFIG: cluster.kubeconfig } });
  expect(answer).toMatchObject({ code: 0, stdout: 'dam\n' });
});

test('the dashboard runs until Ctrl-C and signs in once', async () => {
  const terminal = pty.spawn(join(installed, 'kubectl-connection'), ['dashboard', '--no-open'], {
    cols: 200,
    env: { ...process.env, ...env, KUBECONFIG: cluster.kubeconfig } as Record<string, string>,
  });
  const ended = new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => resolve(exitCode));
  });
  const address = await new Promise<string>((resolve) => {
    let text = '';
    terminal.onData((data) => {
      text += data;
      const [, found] = /Dashboard: (http:\S+)/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => resolve(text));
  });
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}$/);
  const { status } = await fetch(new URL('/api/session', address));
  expect(status).toBeLessThan(500);
  // The page came along with the program.
  const page = await fetch(new URL('/', address));
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script type="module"')]);
  terminal.write('\u0003');
  expect(await ended).toBe(0);
});
