import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { findStaleMounts, type PodContainer, type PodSpec } from '../../../src/insight/find-stale-mounts.ts';

const secret = 'erp-credentials';
const find = (spec: PodSpec) => findStaleMounts([{ name: 'Deployment erp', spec }], secret);
const ask = (container: Omit<PodContainer, 'name'>, volumes: PodSpec['volumes'] = []) =>
  find({ containers: [{ name: 'connector', ...container }], volumes });
const mounted = [{ name: 'connection', secret: { secretName: secret } }];
const projected = [{ name: 'connection', projected: { sources: [{}, { secret: { name: secret } }] } }];

test('environment variables keep their value: each container that has some is named once, with all of them', () => {
  const keys = ['CLIENT_ID', 'CLIENT_SECRET'].map((name) => ({ name, valueFrom: { secretKeyRef: { name: secret } } }));
  expect(ask({ env: [{ name: 'OTHER' }, ...keys] })).toEqual([
    {
      user: 'Deployment erp',
      container: 'connector',
      kind: 'env',
      sentence:
        'Deployment erp, container connector, has the Secret as environment variables (CLIENT_ID, CLIENT_SECRET) and ' +
        'keeps the old values after a rotation: restart it after each one, or mount the Secret as files.',
    },
  ]);
  expect(ask({ env: keys, envFrom: [{ secretRef: { name: secret } }] })).toMatchObject([
    { kind: 'env', sentence: expect.stringContaining('(all its keys)') },
  ]);
});

test.each([
  ['a Secret volume', mounted],
  ['a projected volume', projected],
])('a subPath of %s stays as it was, the whole of it follows', (_, volumes) => {
  const whole = { name: 'connection', mountPath: '/etc/connection' };
  expect(ask({ volumeMounts: [whole] }, volumes)).toEqual([]);
  for (const part of [{ subPath: 'password' }, { subPathExpr: '$(KEY)' }]) {
    const volumeMounts = [whole, { name: 'connection', mountPath: '/etc/password', ...part }];
    expect(ask({ volumeMounts }, volumes)).toMatchObject([
      {
        kind: 'subPath',
        sentence:
          'Deployment erp, container connector, has the Secret through subPath at /etc/password and keeps the old ' +
          'values after a rotation: restart it after each one, or mount the whole Secret.',
      },
    ]);
  }
});

test('other Secrets, other volumes and an empty subPath are nobody’s business', () => {
  expect(ask({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'other' } } }] })).toEqual([]);
  expect(ask({ envFrom: [{ secretRef: { name: 'other' } }, {}] })).toEqual([]);
  const volumeMounts = [
    { name: 'other', mountPath: '/a', subPath: 'a' },
    { name: 'connection', mountPath: '/b', subPath: '' },
  ];
  expect(ask({ volumeMounts }, [...mounted, { name: 'other', secret: { secretName: 'other' } }])).toEqual([]);
  expect(find({})).toEqual([]);
});

test('every container of every pod is looked at, in their order', () => {
  const container = (name: string): PodContainer => ({ name, envFrom: [{ secretRef: { name: secret } }] });
  const users = [
    { name: 'Pod a', spec: { containers: [container('one'), container('two')] } },
    { name: 'CronJob b', spec: { containers: [container('three')], ephemeralContainers: [container('debugger')] } },
  ];
  expect(findStaleMounts(users, secret).map(({ user, container: name }) => `${user} ${name}`)).toEqual([
    'Pod a one',
    'Pod a two',
    'CronJob b three',
    'CronJob b debugger',
  ]);
});

test('of the examples for connectors, those with environment variables are named and the mounted one is not', () => {
  const read = (name: string): PodSpec => {
    const text = readFileSync(join(import.meta.dirname, `../../../examples/connectors/${name}.yaml`), 'utf8');
    const deployment = loadAll(text).find((object) => (object as { kind: string }).kind === 'Deployment');
    return (deployment as { spec: { template: { spec: PodSpec } } }).spec.template.spec;
  };
  expect(find(read('env'))).toMatchObject([{ kind: 'env' }]);
  expect(find(read('projected-volume'))).toEqual([]);
});
