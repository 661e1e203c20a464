import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildTokenAccess } from '../../../src/kube/build-token-access.ts';
import { isPodWithoutToken, readPodAddress } from '../../../src/kube/pod-access.ts';
import { readClusterAddress } from '../../../src/kube/read-cluster-address.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-address-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A kubeconfig whose user has a token and a client certificate. */
function writeKubeconfig(): string {
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  const file = join(folder, 'config');
  const user = {
    token: 'somebodys-token',
    'client-certificate-data': encode('certificate'),
    'client-key-data': encode('key'),
  };
  const cluster = { server: 'https://cluster.example', 'certificate-authority-data': encode('ca') };
  const context = { name: 'c', context: { cluster: 'c', user: 'u' } };
  const config = { contexts: [context], clusters: [{ name: 'c', cluster }], users: [{ name: 'u', user }] };
  writeFileSync(file, JSON.stringify({ ...config, 'current-context': 'c' }));
  return file;
}

test('of a kubeconfig the address and the CA are taken, and nobody’s credentials', async () => {
  const address = await readClusterAddress({ kubeconfig: writeKubeconfig() });
  expect(address.server).toBe('https://cluster.example');
  const trust = await address.readTrust();
  expect(trust).toEqual({ ca: Buffer.from('ca') });
  // The same object, or every call would open a connection of its own.
  expect(await address.readTrust()).toBe(trust);
});

test('each request is made with the token as of then, and none without', async () => {
  const address = await readClusterAddress({ kubeconfig: writeKubeconfig() });
  let token: string | undefined = 'mine';
  const access = buildTokenAccess(address, () => token);
  const { headers, tls } = await access.readCredentials();
  expect([headers, Object.keys(tls)]).toEqual([{ authorization: 'Bearer mine' }, ['ca']]);
  token = 'renewed';
  expect((await access.readCredentials()).headers).toEqual({ authorization: 'Bearer renewed' });
  token = undefined;
  await expect(access.readCredentials()).rejects.toMatchObject({ code: 'Unauthorized', status: 401 });
});

test('a pod without a token knows its cluster by address and CA', async () => {
  vi.stubEnv('KUBERNETES_SERVICE_HOST', 'fd00::1');
  vi.stubEnv('KUBERNETES_SERVICE_PORT', '6443');
  vi.stubEnv('KUBECONFIG', '');
  expect(isPodWithoutToken(folder)).toBe(false);
  writeFileSync(join(folder, 'ca.crt'), 'ca');
  expect(isPodWithoutToken(folder)).toBe(true);
  const address = readPodAddress(folder);
  expect([address.server, await address.readTrust()]).toEqual(['https://[fd00::1]:6443', { ca: Buffer.from('ca') }]);
  writeFileSync(join(folder, 'token'), 'token');
  expect(isPodWithoutToken(folder)).toBe(false);
});
