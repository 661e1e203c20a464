import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCommand } from '../../tools/control-plane/run-command.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

const repository = join(import.meta.dirname, '..', '..');
const patience = { within: 150_000 };

let own: ControlPlane | undefined;
let ended: Promise<unknown> = Promise.resolve();
let pid = 0;
afterEach(async () => {
  if (pid > 0) process.kill(-pid, 'SIGKILL');
  pid = 0;
  await own?.stop();
  own = undefined;
});

/** Runs `npm start`'s program as a terminal does, as leader of a process group. What it printed is in `output`. */
function start(
  args: readonly string[],
  kubeconfig: string,
  { file, before } = { file: process.execPath, before: [] as readonly string[] },
): { output: () => string; code: () => number | null } {
  const child = spawn(file, [...before, 'tools/start.ts', ...args], {
    cwd: repository,
    detached: true,
    env: { ...process.env, KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  pid = child.pid ?? 0;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  ended = once(child, 'close');
  return { output: () => output, code: () => child.exitCode };
}

test('with no cluster at hand it starts one, and Ctrl-C leaves nothing', async () => {
  const run = start([], '');
  await eventually(() => expect(run.output()).toContain('Ctrl-C ends all of it.'), patience);

  const rows = run
    .output()
    .split('\n')
    .filter((line) => line.startsWith('connectors '));
  expect(rows.map((row) => row.split(/ {3,}/)[1]?.trim())).toEqual(expect.arrayContaining(['dam', 'ecommerce', 'erp']));
  const kubeconfig = /export KUBECONFIG="([^"]+)"/.exec(run.output())?.[1] ?? '';
  const kubectl = sharedCluster().description.kubectl;
  const args = ['get', 'secret', 'erp-credentials', '-n', 'connectors', '-o', 'jsonpath={.data.client-id}'];
  const secret = await runCommand(kubectl, args, { env: { KUBECONFIG: kubeconfig } });
  expect(Buffer.from(secret.stdout, 'base64').toString()).toMatch(/^erp_[0-9a-z]{24}$/);

  const [token = '', call = ''] = run.output().match(/^ {5}(?:TOKEN=|curl ).*$/gm) ?? [];
  const shell = { env: { KUBECONFIG: kubeconfig, PATH: `${dirname(kubectl)}:${process.env.PATH}` } };
  const answer = await runCommand('sh', ['-c', `${token}\n${call}`], shell);
  expect(answer.stdout, answer.stderr).toMatch(
    /^\{"_links":\{"self":\{"href":"http:\/\/127\.0\.0\.1:\d+\/api\/rest\/v1\/categories/,
  );

  const [, dashboard = '', code = ''] = /^Dashboard: (http:\/\/localhost:\d+)\/#code=(\S+)$/m.exec(run.output()) ?? [];
  const page = await fetch(dashboard);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const headers = { origin: dashboard, 'content-type': 'application/json' };
  const signedIn = await fetch(`${dashboard}/api/session`, { method: 'POST', headers, body: JSON.stringify({ code }) });
  // On a machine that is busy for a minute between the two the code is over.
  expect(await signedIn.json()).toMatchObject(signedIn.ok ? { user: 'admin', flows: true } : { reason: 'WrongCode' });

  process.kill(-pid, 'SIGINT');
  await ended;
  pid = 0;
  expect(run.code()).toBe(0);
  expect(existsSync(dirname(dirname(kubeconfig)))).toBe(false);
});

test('with KUBECONFIG it uses that cluster, which stays as it is when npm ends and the programs with it', async () => {
  own = await startControlPlane();
  // Below something that passes no signal on.
  const shell = { file: 'sh', before: ['-c', '"$0" "$@"; exit $?', process.execPath] };
  const run = start(['--yes'], own.kubeconfig, shell);
  await eventually(() => expect(run.output()).toContain('Ctrl-C ends the programs.'), patience);
  expect(run.output()).toContain(`export KUBECONFIG="${own.kubeconfig}"`);

  // To the shell alone.
  process.kill(pid, 'SIGTERM');
  await ended;
  pid = 0;
  expect(run.output()).toContain('\nEnding');
  const secret = await own.request({ path: '/api/v1/namespaces/connectors/secrets/erp-credentials' });
  expect(secret.status).toBe(200);
});

test('with KUBECONFIG and nobody to ask it refuses and changes nothing', async () => {
  own = await startControlPlane();
  const before = await own.writes();
  const run = start([], own.kubeconfig);
  await ended;
  pid = 0;
  expect(run.code()).toBe(1);
  expect(run.output()).toContain('Say npm start -- --yes to do it, or unset KUBECONFIG to start a local one.');
  const byAdmin = (await own.writes()).slice(before.length).filter((write) => write.user === 'admin');
  expect(byAdmin).toEqual([]);
});

test('an argument that it does not know is wrong use', async () => {
  const run = start(['--everywhere'], '');
  await ended;
  pid = 0;
  expect(run.code()).toBe(2);
  expect(run.output()).toContain('npm start [-- --yes]');
});
