import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startProgram } from '../../tools/start-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'gateway-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A cluster that nobody gets to: every start here ends before it would be asked. */
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(
  kubeconfig,
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'a', user: { token: 'a' } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  }),
);

let files = 0;

/** Runs the program to its end with a file of this text, or with other arguments. */
async function run(text: string, args?: readonly string[]) {
  const file = join(folder, `${++files}.yaml`);
  writeFileSync(file, text);
  const env = { KUBECONFIG: kubeconfig, SECRET: 'cpwd_verysecret' };
  const program = startProgram({ file: 'src/bin/gateway.ts', args: args ?? ['--config', file], env });
  const { code } = await program.exited;
  return { code, wrote: program.lines.join('\n').replaceAll(file, 'FILE') };
}

const upstream = 'upstream: {url: http://127.0.0.1:1}\nadmin: 127.0.0.1:0\nlisten: 127.0.0.1:0\n';

const starts: readonly (readonly [string, readonly string[] | undefined, number, string])[] = [
  ['', ['--cofnig', 'x'], 2, '--config, --kubeconfig'],
  [`${upstream}name: \${SECRET}!`, undefined, 1, 'FILE, line 4: name: write up to 63 letters'],
  [`${upstream}tls: {cert: /nowhere/a, key: /nowhere/b}`, undefined, 1, 'tls.cert: /nowhere/a cannot be read (ENOENT)'],
  [`${upstream}flows: {store: "sqlite:/nowhere/a.db"}`, undefined, 1, '/nowhere/a.db'],
];

test('one sentence for each problem, exit code 1, and 2 for wrong flags', { timeout: 120_000 }, async () => {
  const ends = await Promise.all(starts.map(([text, args]) => run(text, args)));
  expect(ends).toEqual(starts.map(([, , code, said]) => ({ code, wrote: expect.stringContaining(said) })));
  expect(JSON.stringify(ends)).not.toContain('verysecret');
  for (const { wrote } of ends) expect(wrote).not.toMatch(/^\s+at /m);
});
