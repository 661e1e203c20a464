import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../tools/control-plane/run-command.ts';
import { buildSbom } from '../../../tools/write-sbom.ts';

const minute = 60_000;
const root = join(import.meta.dirname, '../../..');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const { version, devDependencies, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** What the image is made of after its last FROM. */
const image = dockerfile.slice(dockerfile.lastIndexOf('\nFROM ')).replaceAll('\\\n', '');
const bins = readdirSync(join(root, 'src/bin'));

let folder = '';

/** Copies what the image copies, but for what its build makes, and installs as its build does. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'image-'));
  const copied = [...image.matchAll(/^COPY --from=build (.+) (\S+)$/gm)].flatMap(([, from = '', to = '']) =>
    from.split(' ').map((path) => ({ path: path.replace('/app/', ''), to })),
  );
  expect(copied.map(({ path }) => path)).toEqual(['package.json', 'LICENSE', 'node_modules', 'src', 'dist']);
  for (const { path, to } of copied) {
    if (path === 'node_modules' || path === 'dist') continue;
    cpSync(join(root, path), join(folder, to === './' ? basename(path) : to), { recursive: true });
  }
  cpSync(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
  const install = /^RUN npm (ci --omit=dev.*)$/m.exec(dockerfile)?.[1]?.split(' ') ?? [];
  const installed = await runCommand('npm', [...install, '--prefer-offline', '--no-audit'], { cwd: folder });
  expect(installed).toMatchObject({ code: 0 });
}, 5 * minute);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 2 * minute);

test.each(bins)('%s says how it is used, in a folder that holds nothing else', async (bin) => {
  const env = { NODE_ENV: 'production', NODE_PATH: '' };
  const said = await runCommand(process.execPath, [`src/bin/${bin}`, '--help'], { cwd: folder, env });
  expect(said).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--help') });
  const shown = await runCommand(process.execPath, [`src/bin/${bin}`, '--version'], { cwd: folder, env });
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining(version) });
});

test('nothing that is installed is made for one kind of machine, so one build does for all of them', () => {
  const native = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(node|so|dylib|dll)$/.test(path),
  );
  expect(native).toEqual([]);
  expect(existsSync(join(folder, 'node_modules/vitest'))).toBe(false);
});

test('the image runs as nobody in particular, has no shell, and its files belong to root', () => {
  expect(image).toMatch(/^FROM \S+\/distroless\/nodejs24-\S+:nonroot$/m);
  expect(image.match(/^USER (.+)$/m)?.[1]).toBe('65532:65532');
  expect(image).not.toMatch(/--chown|^RUN|^ADD/m);
  for (const program of ['operator', 'gateway', 'dashboard']) {
    const deployment = readFileSync(join(root, `manifests/${program}/deployment.yaml`), 'utf8');
    expect(deployment).toContain('runAsUser: 65532');
    expect(deployment).toContain(`command: [node, src/bin/${program}.ts]`);
  }
  // `node` of the manifests is found there
  expect(image).toMatch(/PATH=\/nodejs\/bin:/);
});

test('its labels say name, version and licence', () => {
  const labels = Object.fromEntries(
    [...image.matchAll(/org\.opencontainers\.image\.(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  expect(labels).toMatchObject({ title: 'connection-operator', version, licenses: 'Apache-2.0' });
});

test('the folder that is sent to the builder holds what the Dockerfile copies, and nothing by accident', () => {
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  expect(ignored).toContain('*');
  const sent = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const named = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from = '']) => from.split(' '));
  expect(named.sort()).toEqual(sent.sort());
  for (const path of sent) expect(existsSync(join(root, path))).toBe(true);
});

test(
  'the bill of materials names what is installed: every dependency, no tool',
  () => {
    const { components } = JSON.parse(buildSbom()) as { components: { name: string; version: string }[] };
    const listed = new Set(components.map(({ name }) => name));
    for (const name of Object.keys(dependencies)) expect(listed).toContain(name);
    for (const name of Object.keys(devDependencies)) {
      expect([name, listed.has(name)]).toEqual([name, existsSync(join(folder, 'node_modules', name))]);
    }
    const hidden = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
    const installed = Object.keys(hidden.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13));
    expect([...listed].sort()).toEqual([...new Set(installed)].sort());
  },
  minute,
);
