import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { type CommandResult, runCommand } from '../../../tools/control-plane/run-command.ts';
import { findHelm } from '../../../tools/helm/find-helm.ts';
import type { Manifest } from './read-manifests.ts';

export const chart = 'manifests/chart';

const home = mkdtempSync(join(tmpdir(), 'helm-'));

/** Helm with empty settings of its own, on the cluster of a kubeconfig where it needs one. */
export async function runHelm(args: readonly string[], kubeconfig = ''): Promise<CommandResult> {
  const helm = await findHelm((line) => process.stderr.write(`${line}\n`));
  const env = { HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home, KUBECONFIG: kubeconfig };
  return runCommand(helm, args, { env });
}

/** The objects that the chart renders with these values (`--set` and the like); throws what Helm said against it. */
export async function renderChart(...values: readonly string[]): Promise<Manifest[]> {
  const rendered = await runHelm(['template', 'connection-operator', chart, ...values]);
  if (rendered.code !== 0) throw new Error(rendered.stderr.trim());
  return (loadAll(rendered.stdout) as (Manifest | null)[]).filter((object) => object !== null);
}
