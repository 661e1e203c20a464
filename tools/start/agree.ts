import { createInterface } from 'node:readline/promises';
import type { ClusterName } from './target-cluster.ts';

/** Asks on the terminal whether this cluster may be changed. Without a terminal the answer is no, with the way out. */
export async function agree({ context, server }: ClusterName): Promise<boolean> {
  const where = `KUBECONFIG is set: context ${context}, ${server}.`;
  if (!process.stdin.isTTY) {
    const ways = 'Say npm start -- --yes to do it, or unset KUBECONFIG to start a local one.';
    process.stderr.write(`${where} npm start changes that cluster and there is no terminal to ask on. ${ways}\n`);
    return false;
  }
  process.stdout.write(
    `${where}\nThis applies crds, manifests and examples there and runs operator and gateway from here.\n`,
  );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Go on? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
