import { runCommand } from '../control-plane/run-command.ts';
import { findGitops } from './ask-gitops.ts';

/** What Flux did with an object: `unchanged` is no write. */
export type FluxAction = 'created' | 'configured' | 'unchanged' | 'skipped';

/** Applies objects one after the other with Flux's own code, as its kustomize-controller does on every interval. */
export async function applyAsFlux(kubeconfig: string, objects: readonly object[]): Promise<readonly FluxAction[]> {
  const path = await findGitops((line) => process.stderr.write(`${line}\n`));
  const input = JSON.stringify({ kubeconfig, objects });
  const { code, stdout, stderr } = await runCommand(path, ['apply'], { input });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as FluxAction[];
}
