import { expect, test } from 'vitest';
import { startProgram } from '../../tools/start-program.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { operatorKubeconfig, startOperator } from './control-plane/start-operator.ts';
import { waitForLine } from './failure/wait-for-line.ts';

/** Runs the operator to its end. */
async function run(args: readonly string[], kubeconfig: string) {
  const program = startProgram({ file: 'src/bin/operator.ts', args, env: { KUBECONFIG: kubeconfig } });
  return { exit: await program.exited, wrote: program.lines.join('\n') };
}

test.each([
  [['--wokers', '3'], '--wokers'],
  [['--workers', '0'], '--workers: write a whole number from 1 on'],
])('wrong flags %j: one sentence, exit code 2', async (args, sentence) => {
  const { exit, wrote } = await run(args, sharedCluster().kubeconfig);
  expect(exit).toEqual({ code: 2, signal: null });
  expect(wrote).toContain(sentence);
  expect(wrote.split('\n')).toHaveLength(1);
});

test('a kubeconfig that is not there: exit code 1', async () => {
  const { exit, wrote } = await run(['--kubeconfig', '/nowhere/config'], sharedCluster().kubeconfig);
  expect(exit).toEqual({ code: 1, signal: null });
  expect(wrote).toContain('/nowhere/config');
});

test('an admin port that somebody else has: exit code 1', async () => {
  const first = await startOperator({ namespaces: [await createNamespace()] });
  await waitForLine(first, '"synced"');
  const { exit, wrote } = await run(['--admin', new URL(first.admin).host], await operatorKubeconfig());
  expect(exit).toEqual({ code: 1, signal: null });
  expect(wrote).toContain('EADDRINUSE');
  await first.stop();
});
