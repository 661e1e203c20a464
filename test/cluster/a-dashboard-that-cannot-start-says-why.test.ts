import { expect, test } from 'vitest';
import { startProgram } from '../../tools/start-program.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { runDashboard } from './dashboard/start-dashboard.ts';

/** Runs the dashboard to its end. */
async function run(args: readonly string[]): Promise<{ code: number | null; wrote: string }> {
  const env = { KUBECONFIG: sharedCluster().kubeconfig };
  const program = startProgram({ file: 'src/bin/dashboard.ts', args, env });
  const { code } = await program.exited;
  return { code, wrote: program.lines.join('\n') };
}

test('wrong flags: one sentence, exit code 2', async () => {
  const { code, wrote } = await run(['--gateways', 'http://gateway:9090']);
  expect([code, wrote.split('\n').length]).toEqual([2, 1]);
  expect(wrote).toContain('--gateways');
});

test('a kubeconfig that is not there: exit code 1', async () => {
  const { code, wrote } = await run(['--kubeconfig', '/nowhere/config']);
  expect(code).toBe(1);
  expect(wrote).toContain('/nowhere/config');
});

test('a port that somebody else has: exit code 1', async () => {
  const { origin } = await runDashboard();
  const { code, wrote } = await run(['--listen', `127.0.0.1:${new URL(origin).port}`]);
  expect(code).toBe(1);
  expect(wrote).toContain('EADDRINUSE');
});

test('SIGTERM ends it in order, with a browser connected', async () => {
  const dashboard = await runDashboard();
  const open = await fetch(`${dashboard.origin}/healthz`);
  expect(await open.text()).toBe('ok\n');
  expect(await dashboard.stop('SIGTERM')).toEqual({ code: 0, signal: null });
});
