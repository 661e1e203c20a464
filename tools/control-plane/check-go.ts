import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { moduleFolder, type Versions } from './read-versions.ts';

/** The Go that will build, as in `go1.26.8`; throws a sentence that says what to install when there is none that can. */
export function checkGo(versions: Versions): string {
  const instead = `or set KUBEBUILDER_ASSETS to a folder that holds etcd, kube-apiserver, kube-controller-manager and kubectl`;
  // In a folder without a go.mod the answer is the installed version, whatever our go.mod asks for.
  const installed = spawnSync('go', ['env', 'GOVERSION'], { cwd: tmpdir(), encoding: 'utf8' });
  if (installed.error !== undefined) {
    throw new Error(
      'Go was not found on the PATH. It is needed once, to build the local control plane: ' +
        `install Go ${versions.go} or newer, ${instead}.`,
    );
  }
  // In ours, Go says no when it is too old, or brings the newer toolchain itself where GOTOOLCHAIN lets it.
  const chosen = spawnSync('go', ['env', 'GOVERSION'], { cwd: moduleFolder, encoding: 'utf8' });
  if (chosen.status !== 0) {
    throw new Error(
      `Go ${versions.go} or newer is needed once, to build the local control plane; here is ${installed.stdout.trim()}. ` +
        `Install a newer one, ${instead}. Go says: ${chosen.stderr.trim()}`,
    );
  }
  return chosen.stdout.trim();
}
