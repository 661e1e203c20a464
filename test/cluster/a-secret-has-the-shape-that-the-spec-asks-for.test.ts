import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator();

test('templates become keys of their own, values as they are', async () => {
  const { desk } = scene;
  const data = {
    AKENEO_DSN: 'https://{{clientId}}:{{clientSecret}}@pim.example.com?user={{username}}&password={{password}}',
    'who.txt': '{{code}} {{name}} {{{namespace}}} <&>"',
    empty: '{{! nothing }}',
  };
  await desk.issue('templated', { code: 'My_Code', secret: { data } });
  const texts = await desk.texts('templated-credentials');
  const { 'client-id': id, 'client-secret': secret, username, password } = texts;
  expect(texts).toMatchObject({
    AKENEO_DSN: `https://${id}:${secret}@pim.example.com?user=${username}&password=${password}`,
    'who.txt': `My_Code templated ${desk.namespace} <&>"`,
    empty: '',
  });

  await desk.patch('templated', { spec: { secret: { data: { AKENEO_DSN: null, empty: 'now {{code}}' } } } });
  await desk.waitFor('templated', 'Issued');
  const after = await desk.texts('templated-credentials');
  expect(after).toEqual({ ...without(texts, 'AKENEO_DSN'), empty: 'now My_Code' });
});

test('templates follow a rotation', async () => {
  const { desk } = scene;
  await desk.issue('followed', { secret: { data: { both: '{{clientSecret}} {{password}}' } } });
  await desk.request('followed', 'connect.pim.dev/rotate', 'a');
  const texts = await desk.texts('followed-credentials');
  expect(texts.both).toBe(`${texts['client-secret']} ${texts.password}`);
});

test('labels and annotations are copied, and taken away with the spec that asked for them', async () => {
  const { desk } = scene;
  const secret = { labels: { 'example.com/team': 'erp', tier: 'gold' }, annotations: { 'example.com/owner': 'ops' } };
  await desk.issue('labelled', { secret });
  const { metadata } = await desk.secret('labelled-credentials');
  expect(metadata.labels).toMatchObject(secret.labels);
  expect(metadata.annotations).toMatchObject(secret.annotations);
  // Somebody else's stay.
  await desk.patchSecret('labelled-credentials', {
    metadata: { labels: { theirs: 'x' }, annotations: { theirs: 'y' } },
  });

  const changed = { labels: { 'example.com/team': 'shop', tier: null }, annotations: null };
  await desk.patch('labelled', { spec: { secret: changed } });
  await desk.waitFor('labelled', 'Issued');
  const { metadata: after } = await desk.secret('labelled-credentials');
  expect(after.labels).toEqual({
    'app.kubernetes.io/managed-by': 'connection-operator',
    'connect.pim.dev/connection': 'labelled',
    'example.com/team': 'shop',
    theirs: 'x',
  });
  expect(after.annotations).toEqual({ 'connect.pim.dev/issued': expect.any(String), theirs: 'y' });
});

test('the type and the name that were asked for', async () => {
  const { desk } = scene;
  const types = { basic: 'kubernetes.io/basic-auth', bound: 'servicebinding.io/pim' };
  for (const [name, type] of Object.entries(types)) {
    const { status } = await desk.issue(name, { code: `code_${name}`, secret: { name: `secret-of-${name}`, type } });
    expect(status?.binding?.name).toBe(`secret-of-${name}`);
    expect((await desk.secret(`secret-of-${name}`)).type).toBe(type);
    expect(await desk.isSecretThere(`${name}-credentials`)).toBe(false);
  }
});

test('without an address of the gateway there are no keys for it, and a template that needs it is told so', async () => {
  const { desk } = scene;
  await desk.create('addressed', { secret: { data: { url: '{{uri}}' } } });
  const waiting = await desk.waitFor('addressed', 'InvalidTemplate');
  expect(waiting.status?.conditions?.[0]?.message).toContain('--gateway-url');
});

function without(texts: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => name !== key));
}
