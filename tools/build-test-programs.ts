import { buildPage } from './build-page.ts';
import { findCaddy } from './caddy/find-caddy.ts';
import { findBinaries } from './control-plane/find-binaries.ts';
import { findGitops } from './gitops/ask-gitops.ts';
import { findHelm } from './helm/find-helm.ts';
import { findKubelet } from './kubelet/find-kubelet.ts';

/**
 * Builds every program that tests need and that is not in the cache, one after the other and before the first test:
 * tests that wait for a compiler on the same two cores would fail for no fault of theirs. What cannot be built is said
 * on standard error and fails the tests that need it.
 */
export async function buildTestPrograms(): Promise<void> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  for (const find of [findBinaries, findHelm, findCaddy, findGitops, findKubelet, buildPage]) {
    await find(report).catch((error: Error) => report(error.message));
  }
}
