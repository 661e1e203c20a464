import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAnyKubeConfig } from '../../../src/kube/read-any-kubeconfig.ts';
import { readPlainKubeConfig } from '../../../src/kube/read-plain-kubeconfig.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plain-kubeconfig-'));
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, name), `${name} in a file`);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Written {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
}

function write({ cluster = {}, user = {}, context = {} }: Written): string {
  const file = join(folder, 'config');
  const config = {
    'current-context': 'here',
    contexts: [
      { name: 'there', context: { cluster: 'other', user: 'other' } },
      { name: 'here', context: { cluster: 'one', user: 'one', ...context } },
    ],
    clusters: [
      { name: 'other', cluster: { server: 'https://other' } },
      { name: 'one', cluster: { server: 'https://one:6443/', ...cluster } },
    ],
    users: [
      { name: 'other', user: { token: 'other' } },
      { name: 'one', user },
    ],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each<[string, Written, string | undefined]>([
  ['a token', { user: { token: 't\n' } }, undefined],
  ['nobody', {}, undefined],
  ['another context', { user: { token: 't' } }, 'there'],
  ['a namespace', { user: { token: 't' }, context: { namespace: 'team' } }, undefined],
  ['certificates in files', { cluster: { 'certificate-authority': 'ca' }, user: certificateFiles() }, undefined],
  ['certificates in the kubeconfig', { cluster: { 'certificate-authority-data': base64('ca') } }, undefined],
  ['both of them', { cluster: { 'certificate-authority-data': 'eA==', 'certificate-authority': 'ca' } }, undefined],
  ['a server name', { cluster: { 'tls-server-name': 'api' }, user: { token: 't' } }, undefined],
])('%s is read as client-node reads it', async (_case, written, context) => {
  const file = write(written);
  const plain = readPlainKubeConfig([file], context);
  const any = readAnyKubeConfig([file], context);
  expect(plain).toBeDefined();
  expect(plain).toMatchObject({ server: any.server, namespace: any.namespace, proxy: any.proxy });
  expect(await plain?.read()).toEqual(await any.read());
});

test.each<[string, Written]>([
  ['a plugin', { user: { exec: { command: 'x' } } }],
  ['a token file', { user: { tokenFile: 'x' } }],
  ['somebody else', { user: { token: 't', as: 'alice' } }],
  ['name and password', { user: { username: 'u', password: 'p' } }],
  ['a proxy', { cluster: { 'proxy-url': 'http://proxy' } }],
  ['plain HTTP', { cluster: { server: 'http://one' } }],
  ['a certificate that nobody checks', { cluster: { 'insecure-skip-tls-verify': true } }],
  ['a token that is no text', { user: { token: 7 } }],
  ['a user that is not there', { context: { user: 'nobody' } }],
])('%s is left to client-node', (_case, written) => {
  expect(readPlainKubeConfig([write(written)], undefined)).toBeUndefined();
});

test.each(['', 'contexts: 7', 'contexts: [null]', '{', '[]'])(
  'what is no kubeconfig is left to client-node: %s',
  (text) => {
    const file = write({});
    writeFileSync(file, text);
    expect(readPlainKubeConfig([file], undefined)).toBeUndefined();
  },
);

function certificateFiles(): object {
  return { 'client-certificate': 'cert', 'client-key': 'key', 'client-key-data': base64('not this one') };
}
