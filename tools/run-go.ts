import { spawn } from 'node:child_process';

/**
 * Runs `go` in a folder with a go.mod, as a child that ends with this process. Rejects with the end of what it said when
 * it fails; `what` names it in the message.
 */
export async function runGo(folder: string, args: readonly string[], what: string): Promise<void> {
  // Without cgo no C compiler is needed, and the same machine always builds the same program.
  const env = { ...process.env, CGO_ENABLED: '0' };
  const go = spawn('go', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  // Ctrl-C reaches `go` by itself; a plain exit of this process would leave it building.
  const end = (): boolean => go.kill('SIGKILL');
  process.once('exit', end);
  let said = '';
  go.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  go.once('error', reject);
  go.once('close', (code, signal) => {
    if (code === 0) resolve();
    else reject(new Error(`go build of ${what} ended with ${signal ?? code}:\n${said.trim()}`));
  });
  await promise.finally(() => process.off('exit', end));
}
