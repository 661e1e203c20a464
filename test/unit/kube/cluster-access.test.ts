import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readPodAccess } from '../../../src/kube/pod-access.ts';
import { readClusterAccess } from '../../../src/kube/read-cluster-access.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-access-'));
  for (const name of ['KUBECONFIG', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT']) vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

interface Written {
  readonly user?: object;
  readonly cluster?: object;
  readonly namespace?: string;
}

function write(name: string, { user = {}, cluster = {}, namespace }: Written = {}): string {
  const file = join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    clusters: [{ name, cluster: { server: `https://${name}:6443`, ...cluster } }],
    users: [{ name, user }],
  };
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, JSON.stringify(config));
  return file;
}

function writeFile(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

describe('where it is read from', () => {
  test('--kubeconfig comes first, then KUBECONFIG, then ~/.kube/config', async () => {
    const given = write('given');
    write('.kube/config');
    expect((await readClusterAccess()).server).toBe('https://.kube/config:6443');
    vi.stubEnv('KUBECONFIG', write('listed'));
    expect((await readClusterAccess()).server).toBe('https://listed:6443');
    expect((await readClusterAccess({ kubeconfig: given })).server).toBe('https://given:6443');
  });

  test('several files in KUBECONFIG are merged, files that are not there are left out', async () => {
    vi.stubEnv('KUBECONFIG', [join(folder, 'missing'), write('one', { namespace: 'team' }), write('two')].join(':'));
    expect(await readClusterAccess()).toMatchObject({ server: 'https://one:6443', namespace: 'team' });
    expect((await readClusterAccess({ context: 'two' })).server).toBe('https://two:6443');
  });

  test.each([
    ['nothing at all', () => ({}), 'no cluster: give --kubeconfig FILE, set KUBECONFIG, or run in a pod'],
    ['a file that is not there', () => ({ kubeconfig: join(folder, 'missing') }), 'missing does not exist'],
    [
      'no kubeconfig',
      () => ({ kubeconfig: join(folder, writeFile('bad', 'token: "hunter2')) }),
      'bad is not a kubeconfig',
    ],
    ['an empty file', () => ({ kubeconfig: join(folder, writeFile('empty', '')) }), 'empty is not a kubeconfig'],
    [
      'a context that is not there',
      () => ({ kubeconfig: write('one'), context: 'x' }),
      'has no cluster for its context',
    ],
  ])('%s is a sentence', async (_case, source, sentence) => {
    const error: unknown = await readClusterAccess(source()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain(sentence);
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('who we are', () => {
  const read = async (user: object, cluster: object = {}): Promise<unknown> =>
    (await readClusterAccess({ kubeconfig: write('one', { user, cluster }) })).readCredentials();

  test('a token', async () => {
    expect(await read({ token: 't' })).toEqual({ headers: { authorization: 'Bearer t' }, tls: {} });
  });

  test('name and password', async () => {
    const authorization = `Basic ${Buffer.from('ü:p').toString('base64')}`;
    expect(await read({ username: 'ü', password: 'p' })).toMatchObject({ headers: { authorization } });
  });

  test('somebody else', async () => {
    expect(await read({ token: 't', as: 'alice' })).toMatchObject({ headers: { 'impersonate-user': 'alice' } });
  });

  test('a client certificate in files beside the kubeconfig', async () => {
    for (const name of ['ca', 'cert', 'key']) writeFile(name, name);
    const credentials = await read(
      { 'client-certificate': 'cert', 'client-key': 'key' },
      { 'certificate-authority': 'ca', 'tls-server-name': 'api' },
    );
    expect(credentials).toEqual({
      headers: {},
      tls: { ca: Buffer.from('ca'), cert: Buffer.from('cert'), key: Buffer.from('key'), servername: 'api' },
    });
  });

  test('a certificate that nobody checks', async () => {
    expect(await read({}, { 'insecure-skip-tls-verify': true })).toEqual({
      headers: {},
      tls: { rejectUnauthorized: false },
    });
  });

  test('plain HTTP, as to kubectl proxy', async () => {
    expect(await read({}, { server: 'http://127.0.0.1:8001' })).toMatchObject({ headers: {} });
  });

  test('an exec plugin', async () => {
    const plugin = join(folder, 'plugin');
    const status = { token: 'from-plugin' };
    writeFileSync(
      plugin,
      `#!/bin/sh\necho '${JSON.stringify({ apiVersion: 'v1', kind: 'ExecCredential', status })}'\n`,
    );
    chmodSync(plugin, 0o700);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' };
    expect(await read({ exec })).toEqual({ headers: { authorization: 'Bearer from-plugin' }, tls: {} });
  });

  test('an exec plugin that fails says nothing of what it wrote', async () => {
    const plugin = join(folder, 'plugin');
    writeFileSync(plugin, '#!/bin/sh\necho hunter2 >&2\nexit 1\n');
    chmodSync(plugin, 0o700);
    const error: unknown = await read({ exec: { apiVersion: 'v1', command: plugin } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'Unauthorized', retry: true });
    expect(`${error}${JSON.stringify(error)}`).not.toContain('hunter2');
  });
});

describe('what changes on disk', () => {
  test('a token file is read again: after a minute, at once after a 401', async () => {
    writeFile('token', 'first\n');
    const access = await readClusterAccess({ kubeconfig: write('one', { user: { tokenFile: 'token' } }) });
    const token = async (): Promise<unknown> => (await access.readCredentials()).headers.authorization;
    expect(await token()).toBe('Bearer first');
    writeFile('token', 'second\n');
    expect(await token()).toBe('Bearer first');
    access.forgetCredentials();
    expect(await token()).toBe('Bearer second');
  });

  test('the kubeconfig is read again after a 401', async () => {
    const access = await readClusterAccess({ kubeconfig: write('one', { user: { token: 'first' } }) });
    await access.readCredentials();
    write('one', { user: { token: 'second' } });
    access.forgetCredentials();
    expect((await access.readCredentials()).headers).toEqual({ authorization: 'Bearer second' });
  });

  test('the same certificates are the same object, others are another', async () => {
    for (const name of ['cert', 'key']) writeFile(name, name);
    const user = { 'client-certificate': 'cert', 'client-key': 'key' };
    const access = await readClusterAccess({ kubeconfig: write('one', { user }) });
    const { tls } = await access.readCredentials();
    access.forgetCredentials();
    expect((await access.readCredentials()).tls).toBe(tls);
    writeFile('cert', 'renewed');
    access.forgetCredentials();
    expect((await access.readCredentials()).tls).not.toBe(tls);
  });
});

describe('in a pod', () => {
  beforeEach(() => {
    for (const name of ['token', 'ca.crt', 'namespace']) writeFile(name, `${name}\n`);
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.96.0.1');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '443');
  });

  test('the ServiceAccount', async () => {
    const access = await readPodAccess(folder);
    expect(access).toMatchObject({ server: 'https://10.96.0.1:443', namespace: 'namespace', proxy: undefined });
    expect(await access.readCredentials()).toEqual({
      headers: { authorization: 'Bearer token' },
      tls: { ca: Buffer.from('ca.crt\n') },
    });
  });

  test('its token is read again before it can expire', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const access = await readPodAccess(folder);
    await access.readCredentials();
    writeFile('token', 'renewed');
    vi.advanceTimersByTime(15_000);
    expect((await access.readCredentials()).headers.authorization).toBe('Bearer renewed');
  });

  test('an IPv6 address', async () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', 'fd00::1');
    expect((await readPodAccess(folder)).server).toBe('https://[fd00::1]:443');
  });
});
